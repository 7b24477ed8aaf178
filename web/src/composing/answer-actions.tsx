import { Forward, Reply, ReplyAll } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Message } from "../../../contract/messages.ts";
import { IconButton } from "../design/button.tsx";
import { useComposers } from "./composers.ts";

export function AnswerActions({ message }: { message: Message }) {
  const { t } = useTranslation();
  const { openReply, openReplyAll, openForward } = useComposers.getState();
  return (
    <>
      <IconButton label={t("actions.reply")} onClick={() => openReply(message)}>
        <Reply />
      </IconButton>
      {message.to.length + message.cc.length > 1 && (
        <IconButton label={t("composing.replyAll")} onClick={() => openReplyAll(message)}>
          <ReplyAll />
        </IconButton>
      )}
      <IconButton label={t("composing.forward")} onClick={() => openForward(message)}>
        <Forward />
      </IconButton>
    </>
  );
}
