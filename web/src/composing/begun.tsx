import { Pencil } from "lucide-react";
import { useCallback, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../design/button.tsx";
import { notify } from "../design/notices.tsx";
import { closeComposer, GoesOn, writingOf } from "./begin.ts";
import { Composer } from "./composer.tsx";
import { type OpenComposer, useComposers } from "./composers.ts";
import { takeDraft, WrittenElsewhere } from "./one-writer.ts";
import type { Writing } from "./writing.ts";
import styles from "./written-here.module.css";

/** A composer, once its letter is there. */
export function Begun({ composer }: { composer: OpenComposer }) {
  const [writing, setWriting] = useState<Writing | null>(null);
  const { t } = useTranslation();
  const remove = useComposers((state) => state.remove);
  useCloseOnLeaving(composer);
  // It is asked for once: what else changes in the composer does not change the letter.
  const [asked] = useState(composer);
  const [isElsewhere, setElsewhere] = useState(false);
  const begin = useCallback(() => {
    setElsewhere(false);
    writingOf(asked).then(setWriting, (error: Error) => {
      if (error instanceof GoesOn) return;
      if (error instanceof WrittenElsewhere && asked.place === "inline") return setElsewhere(true);
      notify(error instanceof WrittenElsewhere ? t("composing.inOtherTab") : error.message, { kind: "failed" });
      remove(asked.key);
    });
  }, [asked, remove, t]);
  useEffect(begin, [begin]);
  if (isElsewhere && composer.draft_id !== null) return <InOtherTab id={composer.draft_id} onTake={begin} />;
  return writing && <Composer writing={writing} composer={composer} />;
}

function InOtherTab({ id, onTake }: { id: string; onTake(): void }) {
  const { t } = useTranslation();
  const [isBusy, setBusy] = useState(false);
  const take = async () => {
    setBusy(true);
    if (await takeDraft(id)) return onTake();
    setBusy(false);
  };
  return (
    <p role="status" className={styles.elsewhere}>
      {t("composing.inOtherTab")}
      <Button disabled={isBusy} onClick={() => void take()}>
        <Pencil aria-hidden />
        {t("composing.writeHere")}
      </Button>
    </p>
  );
}

const leaving = new Map<string, ReturnType<typeof setTimeout>>();

/** What is written in a conversation is closed with it, and is among the drafts. */
function useCloseOnLeaving({ key, place }: OpenComposer): void {
  useEffect(() => {
    clearTimeout(leaving.get(key));
    return () => {
      if (place !== "inline") return;
      // It may only be moving to a window.
      const close = () => {
        const composer = useComposers.getState().open.find((one) => one.key === key);
        if (composer?.place === "inline") closeComposer(key);
      };
      leaving.set(key, setTimeout(close));
    };
  }, [key, place]);
}
