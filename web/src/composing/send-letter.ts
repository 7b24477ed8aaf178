/** Sending what was written, and taking it back while nobody has it yet. */
import type { Message, Sent } from "../../../contract/messages.ts";
import { useSignedIn } from "../account/signed-in.ts";
import { call } from "../api/call.ts";
import { queryClient } from "../api/query-client.ts";
import { notify } from "../design/notices.tsx";
import { i18n } from "../language/i18n.ts";
import { settingsQuery } from "../settings/settings-query.ts";
import { useComposers } from "./composers.ts";
import type { Letter } from "./letter.ts";
import type { SendOptions, Writing } from "./writing.ts";

/** Whether it is on its way. */
export async function sendLetter(writing: Writing, options: SendOptions = {}): Promise<boolean> {
  const settings = await queryClient.ensureQueryData(settingsQuery).catch(() => undefined);
  const sent = await writing.send(options);
  if (sent === null) return false;
  const { letter } = writing.store.getState();
  const undo = { label: i18n.t("app.undo"), run: () => void takeBack(sent, letter) };
  const seconds = settings?.undo_seconds ?? 0;
  if (seconds === 0) notify(i18n.t("composing.onItsWay"));
  else notify(i18n.t("composing.onItsWay"), { action: undo, until: Date.now() + seconds * 1000 });
  return true;
}

/** The message is a draft again, under the id that it was sent under. */
async function takeBack(sent: Sent, letter: Letter): Promise<void> {
  try {
    await call("DELETE", `/submissions/${sent.submission_id}`);
    const { draft_revision } = await call<Message>("GET", `/messages/${sent.id}`);
    const draft = { id: sent.id, revision: draft_revision };
    const address = useSignedIn.getState().address ?? "";
    useComposers.getState().openKept({ key: sent.id, address, letter, draft, attempt: null });
  } catch (error) {
    notify(error instanceof Error ? error.message : String(error), { kind: "failed" });
  }
}
