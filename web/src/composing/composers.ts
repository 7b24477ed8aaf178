/** What is being written just now: each in a window of its own. */
import { create } from "zustand";
import type { Message } from "../../../contract/messages.ts";

interface Composers {
  open: { key: string; answers: Message | null }[];
  openNew(): void;
  openReply(message: Message): void;
  close(key: string): void;
}

export const useComposers = create<Composers>((set) => {
  const add = (answers: Message | null) =>
    set(({ open }) => ({ open: [...open, { key: crypto.randomUUID(), answers }] }));
  return {
    open: [],
    openNew: () => add(null),
    openReply: add,
    close: (key) => set(({ open }) => ({ open: open.filter((composer) => composer.key !== key) })),
  };
});
