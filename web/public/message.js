/** One message, opened. A stranger wrote all of it: HTML is in a frame, the rest is text, attachments are downloads. */
import { call } from "./api.js";
import { openReply } from "./compose.js";
import { addressOf, htmlBody } from "./html-body.js";
import { folderOf } from "./lists.js";
import { attempt, byId, currentPlace, element, fullName, linkTo, notify } from "./page.js";

/** @import { FolderRole } from "../../contract/folders.ts" */
/** @import { Message } from "../../contract/messages.ts" */
/** @import { Submission } from "../../contract/submissions.ts" */

const view = byId("message");

/** The message that the place names, or nothing. */
export async function showMessage() {
  const { message: id } = currentPlace();
  byId("mail").classList.toggle("reading", id !== null);
  if (id === null) return view.replaceChildren();
  /** @type {Message} */
  const message = await call("GET", addressOf(id));
  /** @type {Submission | null} */
  const submission = message.submission_id && (await call("GET", `/submissions/${message.submission_id}`));
  if (currentPlace().message !== id) return; // the reader went on meanwhile
  const isJustOpened = view.dataset.id !== id || view.childElementCount === 0;
  view.dataset.id = id;
  draw(message, submission?.recipients ?? []);
  if (!isJustOpened) return;
  view.scrollTop = 0;
  // On a narrow screen the list is hidden now, and the keyboard was on it.
  if (matchMedia("(max-width: 50rem)").matches) byId("subject").focus();
  if (!message.is_read) await call("PATCH", `/messages/${id}`, { is_read: true });
}

/** @param {Message} message @param {Submission["recipients"]} recipients */
function draw(message, recipients) {
  const { from, to, cc, subject, received_at, body, body_html, html_note, parse_note } = message;
  const date = new Date(received_at).toLocaleString([], { dateStyle: "full", timeStyle: "short" });
  const facts = { From: from ? fullName(from) : "", To: to.map(fullName).join(", "), Cc: cc.map(fullName).join(", ") };
  const known = Object.entries({ ...facts, Date: date }).filter(([, value]) => value !== "");
  const notes = [
    // What became of it at each recipient, in the servers' own words.
    ...recipients.map(({ email, state, reply }) => `${email}: ${state}${reply ? `, ${reply}` : ""}`),
    parse_note === null ? "" : `Shown as it came: ${parse_note}`,
    html_note === null ? "" : `Shown as text: ${html_note}`,
  ];
  const keepFocus = focusedIn(view);
  view.replaceChildren(
    element("a", { className: "back", href: linkTo({ ...currentPlace(), message: null }) }, "Back to the list"),
    actions(message),
    element("h2", { id: "subject", tabIndex: -1 }, subject || "(no subject)"),
    element("dl", {}, ...known.flatMap(([name, value]) => [element("dt", {}, name), element("dd", {}, value)])),
    ...notes.filter(Boolean).map((note) => element("p", { className: "note" }, note)),
    ...(body_html === null ? [element("div", { className: "text" }, body)] : htmlBody(message, showMessage)),
    element("ul", { className: "attachments", ariaLabel: "Attachments" }, ...message.attachments.map(attachment)),
  );
  keepFocus();

  /** @param {Message["attachments"][number]} attachment */
  function attachment({ n, filename, size }) {
    const link = element("a", { href: `/v1/messages/${message.id}/attachments/${n}`, download: "" }, filename);
    return element("li", {}, link, element("span", { className: "mark" }, ` ${Math.ceil(size / 1000)} kB`));
  }
}

/**
 * Drawing again, as when the message was just marked as read, must not take the keyboard away from where it is.
 * @param {HTMLElement} container
 */
function focusedIn(container) {
  const places = () => /** @type {HTMLElement[]} */ ([...container.querySelectorAll("a, button, h2")]);
  const at = places().indexOf(/** @type {HTMLElement} */ (document.activeElement));
  return () => places()[at]?.focus();
}

/** @param {Message} message */
function actions(message) {
  const path = `/messages/${message.id}`;
  const isIn = (/** @type {FolderRole} */ role) => message.folder_ids.some((id) => id === folderOf(role)?.id);
  const target = folderOf(isIn("inbox") ? "archive" : "inbox");
  const buttons = {
    Reply: async () => openReply(message),
    [isIn("inbox") ? "Archive" : "Move to inbox"]: async () => {
      await call("PATCH", path, { folder_ids: [target?.id] });
      leave(`Moved to ${target?.name}.`);
    },
    [isIn("trash") ? "Delete for good" : "Delete"]: async () => {
      if (isIn("trash") && !confirm("Delete this message for good?")) return;
      await call("DELETE", path);
      leave(isIn("trash") ? "Deleted." : "Moved to Trash.");
    },
  };
  const made = Object.entries(buttons).map(([label, action]) =>
    element("button", { type: "button", onclick: attempt(action) }, label),
  );
  return element("p", { className: "actions" }, ...made);
}

/** Back to the list. @param {string} notice */
function leave(notice) {
  notify(notice);
  location.hash = linkTo({ ...currentPlace(), message: null });
}
