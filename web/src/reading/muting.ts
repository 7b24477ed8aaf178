/** A conversation that is muted: what comes in of it is archived, read. */
import { useQuery } from "@tanstack/react-query";
import type { Thread } from "../../../contract/messages.ts";
import { mute as muteConversation } from "../acting/act.ts";
import { keys } from "../api/keys.ts";
import { queryClient } from "../api/query-client.ts";
import { i18n } from "../language/i18n.ts";
import { threadQuery } from "./queries.ts";

/** Whether the conversation is, and what makes it so. */
export function useMuting(id: string): { isMuted: boolean; mute(isMuted: boolean): void } {
  const { data: thread } = useQuery(threadQuery(id));
  return { isMuted: thread?.is_muted ?? false, mute: (isMuted) => void mute(id, isMuted) };
}

export function mute(id: string, isMuted: boolean): Promise<void> {
  const messages = queryClient.getQueryData<Thread>(keys.thread(id))?.messages ?? [];
  return muteConversation(id, messages, isMuted, i18n.t(isMuted ? "reading.muted" : "reading.unmuted"));
}
