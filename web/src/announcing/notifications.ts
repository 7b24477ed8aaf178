/** New mail as the system shows it, where its reader wants that, the browser allows it, and nobody looks at the mail. */
import { goTo } from "../app/address-bar.ts";
import { INBOX, type Place } from "../app/place.ts";
import { i18n } from "../language/i18n.ts";
import { useListView } from "../list/list-view.ts";
import { shortName } from "../list/message-row.tsx";
import type { NewMessage } from "./new-mail.ts";

/** Held by the one of several tabs that shows them, as long as it is open. */
const SHOWS = "mailmesh.shows-notifications";
/** Held by each tab that is looked at. */
const LOOKED_AT = "mailmesh.looked-at";

let isShowing = false;
let isLookedAt = false;
let lookAway = () => {};
let isReady = false;

/** Once for a page. */
export function readyNotifications(): void {
  if (isReady || !canNotify()) return;
  isReady = true;
  void navigator.locks.request(SHOWS, () => {
    isShowing = true;
    return new Promise(() => {});
  });
  for (const event of ["focus", "blur"]) addEventListener(event, look);
  document.addEventListener("visibilitychange", look);
  look();
}

/** Both need a page that came over TLS, or from this machine. */
export const canNotify = (): boolean => "Notification" in window && "locks" in navigator;

function look(): void {
  const was = isLookedAt;
  isLookedAt = document.visibilityState === "visible" && document.hasFocus();
  if (was && !isLookedAt) lookAway();
  if (was || !isLookedAt) return;
  void navigator.locks.request(LOOKED_AT, { mode: "shared" }, () => {
    // The lock may come when it is over.
    if (!isLookedAt) return undefined;
    return new Promise<void>((resolve) => {
      lookAway = resolve;
    });
  });
}

/** Newest first. */
export async function showNotification(messages: readonly NewMessage[]): Promise<void> {
  const [newest] = messages;
  if (newest === undefined || !isShowing || Notification.permission !== "granted") return;
  const { held = [] } = await navigator.locks.query();
  if (held.some(({ name }) => name === LOOKED_AT)) return;
  const isOne = messages.length === 1;
  const title = isOne ? senderOf(newest) : i18n.t("announcing.newMessages", { count: messages.length });
  const lines = messages.slice(0, 4).map((message) => `${senderOf(message)}: ${subjectOf(message)}`);
  const notification = new Notification(title, {
    body: isOne ? subjectOf(newest) : lines.join("\n"),
    icon: "/icon-192.png",
    lang: i18n.language,
    dir: "auto",
    tag: newest.id,
  });
  notification.onclick = () => {
    window.focus();
    goTo(isOne ? placeOf(newest) : INBOX);
    notification.close();
  };
}

const senderOf = ({ from }: NewMessage): string => shortName(from) || i18n.t("app.noSender");
const subjectOf = ({ subject }: NewMessage): string => subject || i18n.t("app.noSubject");

function placeOf({ id, thread_id }: NewMessage): Place {
  const { isCollapsed } = useListView.getState();
  const opened = isCollapsed ? { kind: "thread" as const, id: thread_id } : { kind: "message" as const, id };
  return { screen: "folder", folder: "inbox", opened };
}
