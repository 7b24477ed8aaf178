import { Undo2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Submission } from "../../../contract/submissions.ts";
import { attempt } from "../api/attempt.ts";
import { call } from "../api/call.ts";
import { Button } from "../design/button.tsx";
import { useComposers } from "./composers.ts";

/** For what was sent and has not left: it is a draft again, and open. */
export function TakeBack({ submission: { id, message_id, can_undo } }: { submission: Submission }) {
  const { t } = useTranslation();
  if (!can_undo || message_id === null) return null;
  const takeBack = () =>
    attempt(async () => {
      await call("DELETE", `/submissions/${id}`);
      useComposers.getState().openDraft(message_id);
    });
  return (
    <Button onClick={() => void takeBack()}>
      <Undo2 aria-hidden size="1.1em" />
      {t("composing.takeBack")}
    </Button>
  );
}
