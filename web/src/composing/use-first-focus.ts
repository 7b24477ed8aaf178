import { type RefObject, useEffect } from "react";
import type { OpenComposer } from "./composers.ts";

/** Where the keyboard is first: in the text of an answer, else at the recipients. Afterwards it goes back where it was. */
export function useFirstFocus(frame: RefObject<HTMLElement | null>, { start, place }: OpenComposer): void {
  const wantsText = start.kind !== "new" && !(start.kind === "answer" && start.how === "forward");
  // Who goes through the drafts by keyboard goes on there.
  const isOnlyShown = start.kind === "draft" && place === "inline";
  useEffect(() => {
    const inside = frame.current;
    if (inside === null || isOnlyShown) return;
    const before = document.activeElement;
    const field = inside.querySelector<HTMLElement>(wantsText ? "textarea, [contenteditable]" : "input");
    field?.focus();
    if (field instanceof HTMLTextAreaElement) {
      field.setSelectionRange(0, 0);
      field.scrollTop = 0;
    }
    return () => {
      const isBack = inside.contains(document.activeElement) || document.activeElement === document.body;
      if (isBack && before instanceof HTMLElement) before.focus();
    };
  }, [frame, wantsText, isOnlyShown]);
}
