import type { Folder } from "../../../contract/folders.ts";
import { useSignedIn } from "../account/signed-in.ts";
import { remember } from "../acting/undo.ts";
import { call } from "../api/call.ts";
import { keys } from "../api/keys.ts";
import { queryClient } from "../api/query-client.ts";
import { notify } from "../design/notices.tsx";
import { i18n } from "../language/i18n.ts";
import { useComposers } from "./composers.ts";
import { leaveDraft } from "./leave-draft.ts";
import type { Writing } from "./writing.ts";

/** What was written goes, and its draft to the trash; both come back while the notice is there. */
export async function discardLetter(writing: Writing): Promise<void> {
  await writing.settle();
  const { letter, draft, saving } = writing.store.getState();
  useComposers.getState().remove(writing.key);
  leaveDraft(draft?.id);
  await writing.discard();
  if (saving === "untouched" && draft === null) return;
  const account = useSignedIn.getState().user_id ?? "";
  const undo = async () => {
    const drafts = queryClient.getQueryData<Folder[]>(keys.folders)?.find(({ role }) => role === "drafts");
    if (draft && drafts) await call("PATCH", `/messages/${draft.id}`, { body: { folder_ids: [drafts.id] } });
    useComposers.getState().openKept({ key: crypto.randomUUID(), account, letter, draft, attempt: null });
  };
  try {
    if (draft) await call("DELETE", `/messages/${draft.id}`);
    const run = () => void undo().catch(complain);
    remember(run);
    notify(i18n.t("composing.discarded"), { action: { label: i18n.t("app.undo"), run } });
  } catch (error) {
    complain(error);
  }
}

const complain = (error: unknown): void =>
  void notify(error instanceof Error ? error.message : String(error), { kind: "failed" });
