/** Mail that comes into the inbox while the page is open: said, and shown by the system where nobody looks. */
import type { QueryClient } from "@tanstack/react-query";
import type { Changes } from "../../../contract/changes.ts";
import type { MessagePage } from "../../../contract/messages.ts";
import { useSignedIn } from "../account/signed-in.ts";
import { call } from "../api/call.ts";
import { identitiesQuery } from "../composing/queries.ts";
import { announce } from "../design/announcements.tsx";
import { folderAt } from "../folders/folder-at.ts";
import { foldersQuery } from "../folders/queries.ts";
import { i18n } from "../language/i18n.ts";
import { shortName } from "../list/message-row.tsx";
import { settingsQuery } from "../settings/settings-query.ts";
import { showNotification } from "./notifications.ts";

export type NewMessage = MessagePage["messages"][number];

/** So many of one change are looked at, and so long more is waited for: a burst is told once. */
const MOST = 50;
const GATHER = 1000;
/** What is older was put here from elsewhere, or came while the device slept for long. */
const NEW_FOR = 86_400_000;

let gathered: NewMessage[] = [];

export async function hearNewMail(client: QueryClient, changes: Changes): Promise<void> {
  const found = await newIn(client, changes);
  if (found.length === 0) return;
  if (gathered.length === 0) setTimeout(() => tell(client), GATHER);
  gathered = [...found, ...gathered];
}

/** Newest first. What rules or muting moved or marked is not among it, junk is not, and nothing that its reader sent. */
async function newIn(client: QueryClient, { message, import: imports }: Changes): Promise<NewMessage[]> {
  if (message.created.length === 0 || imports.changed.length > 0) return [];
  const inbox = folderAt(await client.ensureQueryData(foldersQuery), "inbox");
  if (inbox === undefined) return [];
  const query = new URLSearchParams({ is_read: "false", limit: String(MOST) });
  const { messages } = await call<MessagePage>("GET", `/folders/${inbox.id}/messages?${query}`);
  const created = new Set(message.created);
  const found = messages.filter(
    ({ id, received_at }) => created.has(id) && Date.now() - Date.parse(received_at) < NEW_FOR,
  );
  if (found.length === 0) return [];
  const identities = await client.ensureQueryData(identitiesQuery);
  const own = new Set([useSignedIn.getState().address, ...identities.map(({ email }) => email)]);
  return found.filter(({ from }) => !own.has(from?.email ?? ""));
}

function tell(client: QueryClient): void {
  // Answers about two changes may come in any order.
  const messages = gathered.toSorted((a, b) => b.received_at.localeCompare(a.received_at));
  const [newest] = messages;
  gathered = [];
  if (newest === undefined) return;
  const name = shortName(newest.from) || i18n.t("app.noSender");
  const subject = newest.subject || i18n.t("app.noSubject");
  announce("new mail", i18n.t("announcing.newMail", { count: messages.length, name, subject }));
  if (client.getQueryData(settingsQuery.queryKey)?.notifications) void showNotification(messages);
}
