/** Sending what was written, and taking it back while nobody has it yet. */
import type { Message, Sent } from "../../../contract/messages.ts";
import { useSignedIn } from "../account/signed-in.ts";
import { remember } from "../acting/undo.ts";
import { call } from "../api/call.ts";
import { queryClient } from "../api/query-client.ts";
import { notify } from "../design/notices.tsx";
import { longDate } from "../language/dates.ts";
import { i18n } from "../language/i18n.ts";
import { settingsQuery } from "../settings/settings-query.ts";
import { useComposers } from "./composers.ts";
import { leaveDraft } from "./leave-draft.ts";
import type { Letter } from "./letter.ts";
import type { Sending } from "./post.ts";
import type { Writing } from "./writing.ts";

/** The window goes when it is on its way. Where it is not, it says why, also when it was closed meanwhile. */
export async function sendLetter(writing: Writing, options: Sending = {}): Promise<void> {
  const { key, store } = writing;
  const settings = await queryClient.ensureQueryData(settingsQuery).catch(() => undefined);
  const sent = await writing.send(options);
  const { letter, draft } = store.getState();
  if (sent === null) {
    const account = useSignedIn.getState().user_id ?? "";
    return useComposers.getState().openKept({ key, account, letter, draft, attempt: null });
  }
  useComposers.getState().remove(key);
  leaveDraft(draft?.id);
  const back = () => void takeBack(sent, letter, draft?.id);
  if (options.send_at !== undefined) {
    const date = longDate(new Date(options.send_at), i18n.language);
    notify(i18n.t("composing.isScheduled", { date }), { action: { label: i18n.t("app.undo"), run: back } });
    return;
  }
  const seconds = settings?.undo_seconds ?? 0;
  if (seconds === 0) return void notify(i18n.t("composing.onItsWay"));
  const until = Date.now() + seconds * 1000;
  const close = notify(i18n.t("composing.onItsWay"), { action: { label: i18n.t("app.undo"), run: press }, until });
  // By its key as by its button, and once.
  const forget = remember(() => {
    close();
    back();
  }, until);
  function press() {
    forget();
    back();
  }
}

/** The message is a draft again, under the id that it was sent under. */
export async function takeBack(sent: Sent, letter: Letter, before: string | undefined): Promise<void> {
  try {
    await call("DELETE", `/submissions/${sent.submission_id}`);
    // What the draft held that it was went with it; the new one has it too.
    const isBare = letter.attachments.every(
      ({ source }) => source !== null && !("message_id" in source && source.message_id === before),
    );
    if (!isBare) return useComposers.getState().openDraft(sent.id);
    const { draft_revision } = await call<Message>("GET", `/messages/${sent.id}`);
    const draft = { id: sent.id, revision: draft_revision };
    const account = useSignedIn.getState().user_id ?? "";
    useComposers.getState().openKept({ key: sent.id, account, letter, draft, attempt: null });
  } catch (error) {
    notify(error instanceof Error ? error.message : String(error), { kind: "failed" });
  }
}
