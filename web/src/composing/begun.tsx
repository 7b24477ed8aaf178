import { useEffect, useState } from "react";
import { notify } from "../design/notices.tsx";
import { closeComposer, writingOf } from "./begin.ts";
import { Composer } from "./composer.tsx";
import { type OpenComposer, useComposers } from "./composers.ts";
import type { Writing } from "./writing.ts";

/** A composer, once its letter is there. */
export function Begun({ composer }: { composer: OpenComposer }) {
  const [writing, setWriting] = useState<Writing | null>(null);
  const remove = useComposers((state) => state.remove);
  useCloseOnLeaving(composer);
  // It is asked for once: what else changes in the composer does not change the letter.
  const [asked] = useState(composer);
  useEffect(() => {
    writingOf(asked).then(setWriting, (error: Error) => {
      notify(error.message, { kind: "failed" });
      remove(asked.key);
    });
  }, [asked, remove]);
  return writing && <Composer writing={writing} composer={composer} />;
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
