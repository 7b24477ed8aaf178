import { useVirtualizer, type VirtualItem } from "@tanstack/react-virtual";
import { type RefObject, useCallback, useLayoutEffect, useRef, useState } from "react";
import { rowKey } from "./list-cache.ts";
import type { ListedMessage } from "./list-source.ts";
import { useListView } from "./list-view.ts";
import { rowId } from "./shown-list.ts";

/** Height of a row, as tokens.css has it (--row), in rem. */
const ROW = { comfortable: 4.5, compact: 2.25 };

/** Which rows are in view, and where. What comes in above them, or goes, does not move what is being read. */
export function useRows(
  scroller: RefObject<HTMLDivElement | null>,
  messages: readonly ListedMessage[],
): { rows: VirtualItem[]; height: number; reveal(n: number): void } {
  const [rem] = useState(remInPixels);
  const rowHeight = ROW[useListView((state) => state.density)] * rem;
  const keyOf = useCallback(
    (n: number) => {
      const message = messages[n];
      return message === undefined ? n : rowKey(message);
    },
    [messages],
  );
  const virtualizer = useVirtualizer({
    count: messages.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: keyOf,
    overscan: 10,
  });

  const drawn = useRef(messages);
  useLayoutEffect(() => {
    const [before, at] = [drawn.current, scroller.current];
    drawn.current = messages;
    // As it was before this change: a list that got shorter may have been scrolled by the browser already.
    const offset = virtualizer.scrollOffset ?? 0;
    if (before === messages || at === null || offset < rowHeight) return;
    const shift = shiftOf(before, messages, Math.floor(offset / rowHeight));
    if (shift !== 0) at.scrollTop = offset + shift * rowHeight;
  }, [messages, rowHeight, scroller, virtualizer]);
  const reveal = useCallback(
    (n: number) => {
      const row = drawn.current[n];
      virtualizer.scrollToIndex(n);
      // It is drawn once it is scrolled to.
      requestAnimationFrame(() => row && document.getElementById(rowId(rowKey(row)))?.focus({ preventScroll: true }));
    },
    [virtualizer],
  );
  return { rows: virtualizer.getVirtualItems(), height: virtualizer.getTotalSize(), reveal };
}

/** How far the first row in view has moved; where it is gone, the next one that is still there. */
function shiftOf(before: readonly ListedMessage[], now: readonly ListedMessage[], top: number): number {
  const first = before[top];
  if (first === undefined || now[top]?.id === first.id) return 0;
  const places = new Map(now.map((message, n) => [rowKey(message), n]));
  for (let n = top; n < Math.min(before.length, top + 200); n++) {
    const row = before[n];
    const place = row && places.get(rowKey(row));
    if (place !== undefined) return place - top;
  }
  return 0;
}

const remInPixels = (): number => Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
