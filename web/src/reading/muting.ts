import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { mute } from "../acting/act.ts";
import { threadQuery } from "./queries.ts";

/** Whether a conversation is muted, and what makes it so. */
export function useMuting(id: string): { isMuted: boolean; setMuted(isMuted: boolean): void } {
  const { t } = useTranslation();
  const { data: thread } = useQuery(threadQuery(id));
  const setMuted = (isMuted: boolean) =>
    void mute(
      [{ thread_id: id, messages: thread?.messages ?? [] }],
      isMuted,
      t(isMuted ? "actions.done.muted" : "actions.done.unmuted"),
    );
  return { isMuted: thread?.is_muted ?? false, setMuted };
}
