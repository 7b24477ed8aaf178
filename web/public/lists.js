/** The folders with what is unread in each, and the messages of one of them or of a search, fifty at a time. */
import { call } from "./api.js";
import { byId, currentPlace, element, linkTo, shortName } from "./page.js";

/** @import { Folder, FolderRole } from "../../contract/folders.ts" */
/** @import { MessageSummary } from "../../contract/messages.ts" */
/** @import { SearchPage } from "../../contract/search.ts" */

/** @type {Folder[]} */
let folders = [];

export async function loadFolders() {
  folders = await call("GET", "/folders");
}

/** @param {FolderRole} role */
export const folderOf = (role) => folders.find((folder) => folder.role === role);

/** The folder that the place names, or the inbox. */
const currentFolder = () => folders.find(({ id }) => id === currentPlace().folder) ?? folderOf("inbox");

export function showFolders() {
  const rows = folders.map(({ id, name, role, unread }) => {
    // Counted where mail is read: a number beside Sent or Trash would only ask for attention.
    const count = unread > 0 && (role === null || role === "inbox" || role === "junk") ? String(unread) : null;
    const label = count && element("span", { className: "count", title: "unread" }, count);
    const link = element("a", { href: linkTo({ folder: id }), className: count ? "unread" : "" }, name, label);
    if (currentPlace().query === null && id === currentFolder()?.id) link.ariaCurrent = "page";
    return element("li", {}, link);
  });
  byId("folders").replaceChildren(...rows);
  document.title = folderOf("inbox")?.unread ? `(${folderOf("inbox")?.unread}) Mailmesh` : "Mailmesh";
}

/** What is on the page. `source` is the address of its first page. */
const shown = {
  source: "",
  /** @type {MessageSummary[]} */
  messages: [],
  /** @type {string | null} */
  cursor: null,
  note: "",
};

/** The address of the list that the place asks for. */
function sourceNow() {
  const { query } = currentPlace();
  if (query === null) return `/folders/${currentFolder()?.id}/messages?limit=50`;
  return `/search?limit=50&q=${encodeURIComponent(query)}`;
}

/** Shows the list of this place, and loads it unless it is there already. */
export async function showList() {
  if (sourceNow() !== shown.source) await refreshList();
  else draw();
}

/** Loads the first page anew. What the reader had of later pages stays, if it still follows. */
export async function refreshList() {
  const source = sourceNow();
  /** @type {Partial<SearchPage> & Pick<SearchPage, "messages" | "next_cursor">} */
  const page = await call("GET", source);
  if (source !== sourceNow()) return; // the reader went on meanwhile
  const joint = source === shown.source ? shown.messages.findIndex(({ id }) => id === page.messages.at(-1)?.id) : -1;
  const later = joint === -1 ? [] : shown.messages.slice(joint + 1);
  shown.source = source;
  shown.messages = [...page.messages, ...later];
  if (later.length === 0) shown.cursor = page.next_cursor;
  const words = page.taken_as_words ?? [];
  shown.note = words.length > 0 ? `Searched as plain words: ${words.map(({ text }) => text).join(", ")}` : "";
  draw();
}

export async function showOlder() {
  const { source, cursor } = shown;
  /** @type {SearchPage} */
  const page = await call("GET", `${source}&cursor=${encodeURIComponent(cursor ?? "")}`);
  if (source !== shown.source || cursor !== shown.cursor) return;
  shown.messages.push(...page.messages);
  shown.cursor = page.next_cursor;
  draw();
}

function draw() {
  const { query } = currentPlace();
  byId("list-name").textContent = query === null ? (currentFolder()?.name ?? "") : `Search: ${query}`;
  byId("list-note").textContent = shown.messages.length > 0 ? shown.note : `Nothing here. ${shown.note}`;
  byId("older").hidden = shown.cursor === null;
  // Drawing again must not take the keyboard away from the row that it is on.
  const focused = document.activeElement?.id ?? "";
  byId("messages").replaceChildren(...shown.messages.map(row));
  if (focused.startsWith("row-")) byId(focused)?.focus();
}

/** @param {MessageSummary} message */
function row({ id, from, to, subject, preview, received_at, is_read, has_attachment }) {
  const place = currentPlace();
  const isOut = place.query === null && /sent|drafts/.test(currentFolder()?.role ?? "");
  const link = element(
    "a",
    { id: `row-${id}`, href: linkTo({ ...place, message: id }), className: is_read ? "" : "unread" },
    is_read ? null : element("span", { className: "unseen" }, "Unread: "),
    element("span", { className: "who" }, isOut ? `To ${to.map(shortName).join(", ")}` : shortName(from)),
    element("time", { dateTime: received_at }, shortTime(new Date(received_at))),
    element("span", { className: "subject" }, subject || "(no subject)"),
    has_attachment ? element("span", { className: "mark" }, "attachment") : null,
    element("span", { className: "preview" }, preview),
  );
  if (id === place.message) link.ariaCurrent = "true";
  return element("li", {}, link);
}

/** The time of day for today, else the date. @param {Date} time */
function shortTime(time) {
  const now = new Date();
  if (time.toDateString() === now.toDateString()) return time.toLocaleTimeString([], { timeStyle: "short" });
  const isThisYear = time.getFullYear() === now.getFullYear();
  return time.toLocaleDateString([], { day: "numeric", month: "short", ...(isThisYear ? {} : { year: "numeric" }) });
}
