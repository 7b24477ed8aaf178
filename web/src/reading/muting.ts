/** A conversation that is muted: what comes in of it is archived, read. */
import { useQuery } from "@tanstack/react-query";
import type { Thread } from "../../../contract/messages.ts";
import { call } from "../api/call.ts";
import { keys } from "../api/keys.ts";
import { queryClient } from "../api/query-client.ts";
import { notify } from "../design/notices.tsx";
import { i18n } from "../language/i18n.ts";
import { threadQuery } from "./queries.ts";

/** Whether the conversation is, and what makes it so. */
export function useMuting(id: string): { isMuted: boolean; mute(isMuted: boolean): void } {
  const { data: thread } = useQuery(threadQuery(id));
  return { isMuted: thread?.is_muted ?? false, mute: (isMuted) => void mute(id, isMuted) };
}

export async function mute(id: string, is_muted: boolean): Promise<void> {
  const show = (is_muted: boolean) =>
    queryClient.setQueryData<Thread>(keys.thread(id), (thread) => thread && { ...thread, is_muted });
  show(is_muted);
  try {
    await call("PATCH", `/threads/${id}`, { body: { is_muted } });
    notify(i18n.t(is_muted ? "reading.muted" : "reading.unmuted"), {
      action: { label: i18n.t("app.undo"), run: () => void mute(id, !is_muted) },
    });
  } catch (error) {
    show(!is_muted);
    notify(error instanceof Error ? error.message : String(error), { kind: "failed" });
  }
}
