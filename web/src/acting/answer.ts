/** Answers what is opened, or the row that the keyboard is at: the newest of a conversation that is not a draft. */
import type { Thread } from "../../../contract/messages.ts";
import { keys } from "../api/keys.ts";
import { queryClient } from "../api/query-client.ts";
import { useComposers } from "../composing/composers.ts";
import { notify } from "../design/notices.tsx";
import { messageQuery } from "../reading/queries.ts";
import { targetsNow } from "./targets.ts";

export async function answer(how: "openReply" | "openReplyAll" | "openForward"): Promise<void> {
  const targets = targetsNow();
  const row = targets === null || targets.kind === "all" ? undefined : targets.rows.at(-1);
  if (row === undefined) return;
  const thread = row.thread && queryClient.getQueryData<Thread>(keys.thread(row.thread_id));
  const newest = thread?.messages.findLast(({ is_draft }) => !is_draft);
  try {
    const message = await queryClient.fetchQuery(messageQuery(newest?.id ?? row.id));
    useComposers.getState()[how](message);
  } catch (error) {
    notify(error instanceof Error ? error.message : String(error), { kind: "failed" });
  }
}
