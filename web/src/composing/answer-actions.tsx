import { Forward, Reply, ReplyAll } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Message } from "../../../contract/messages.ts";
import { Button, IconButton } from "../design/button.tsx";
import { useComposers } from "./composers.ts";
import styles from "./written-here.module.css";

export function ReplyButton({ message }: { message: Message }) {
  const { t } = useTranslation();
  return (
    <IconButton label={t("actions.reply")} onClick={() => useComposers.getState().openReply(message)}>
      <Reply />
    </IconButton>
  );
}

/** Below a message, where its reader is when it has been read. */
export function AnswerBar({ message }: { message: Message }) {
  const { t } = useTranslation();
  const { openReply, openReplyAll, openForward } = useComposers.getState();
  const isBeingAnswered = useComposers(({ open }) =>
    open.some(({ start, place }) => place === "inline" && start.kind === "answer" && start.message.id === message.id),
  );
  if (isBeingAnswered) return null;
  return (
    <div className={styles.bar}>
      <Button onClick={() => openReply(message)}>
        <Reply aria-hidden />
        {t("composing.answer")}
      </Button>
      {message.to.length + message.cc.length > 1 && (
        <Button onClick={() => openReplyAll(message)}>
          <ReplyAll aria-hidden />
          {t("composing.answerAll")}
        </Button>
      )}
      <Button onClick={() => openForward(message)}>
        <Forward aria-hidden />
        {t("composing.forward")}
      </Button>
    </div>
  );
}
