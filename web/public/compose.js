/** Writing: one dialog, plain text. Closing it keeps what was written until it is sent or discarded. */
import { call } from "./api.js";
import { folderOf } from "./lists.js";
import { byId, fullName, notify, shortName } from "./page.js";

/** @import { Message } from "../../contract/messages.ts" */

/** @type {HTMLDialogElement} */
const dialog = byId("compose");
const form = /** @type {HTMLFormElement} */ (dialog.querySelector("form"));
const complaint = /** @type {HTMLElement} */ (form.querySelector("[role=alert]"));
const fields = /** @type {Record<"to" | "cc" | "subject" | "body" | "close", HTMLInputElement>} */ (
  /** @type {unknown} */ (form.elements)
);

/** The message that this one answers. @type {string | undefined} */
let answered;
/** The same key for the same request: trying again after a lost answer cannot send it twice. */
let lastTry = { request: "", key: "" };

/** @param {Message} message */
export function openReply(message) {
  const isUnfinished = [fields.to, fields.cc, fields.subject, fields.body].some(({ value }) => value.trim() !== "");
  if (isUnfinished && !confirm("Discard the message you were writing?")) return;
  const isMine = message.folder_ids.some((id) => id === folderOf("sent")?.id);
  const senders = message.reply_to.length > 0 || message.from === null ? message.reply_to : [message.from];
  form.reset();
  fields.to.value = (isMine ? message.to : senders).map(fullName).join(", ");
  fields.subject.value = /^re:/i.test(message.subject) ? message.subject : `Re: ${message.subject}`;
  const date = new Date(message.received_at).toLocaleString();
  fields.body.value = `\n\n${shortName(message.from)}, ${date}:\n${message.body.trimEnd().replaceAll(/^/gm, "> ")}\n`;
  answered = message.id;
  dialog.showModal();
  fields.body.focus();
  fields.body.setSelectionRange(0, 0);
  fields.body.scrollTop = 0;
}

/** `ana@example.org, "Last, First" <ben@example.org>`: commas part addresses, except within quotes. @param {string} text */
function addresses(text) {
  return (text.match(/(?:"[^"]*"|[^",;])+/g) ?? []).flatMap((part) => {
    const [, name = "", inner] = /^([^<]*)<([^<>]*)>\s*$/.exec(part) ?? [];
    const email = (inner ?? part).trim();
    return email === "" ? [] : [{ name: name.replaceAll('"', "").trim(), email }];
  });
}

async function send() {
  const [to, cc] = [addresses(fields.to.value), addresses(fields.cc.value)];
  const message = { to, cc, subject: fields.subject.value, body: fields.body.value, in_reply_to: answered };
  const request = JSON.stringify(message);
  if (request !== lastTry.request) lastTry = { request, key: crypto.randomUUID() };
  await call("POST", "/messages", message, { headers: { "idempotency-key": lastTry.key } });
  form.reset();
  // Accepted is not arrived: what becomes of it is shown with the copy in Sent.
  notify("On its way. What becomes of it is shown in Sent.");
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  complaint.textContent = "";
  await send().catch((error) => {
    complaint.textContent = error.message;
  });
});
form.addEventListener("reset", () => {
  answered = undefined;
  complaint.textContent = "";
  dialog.close();
});
fields.close.addEventListener("click", () => dialog.close());
byId("write").addEventListener("click", () => dialog.showModal());
