/** What is being written just now: each in a window of its own. How it is written is fetched with the first (dock.tsx). */
import { create } from "zustand";
import type { AddressInput } from "../../../contract/addresses.ts";
import type { Message } from "../../../contract/messages.ts";
import type { How } from "./answer.ts";
import type { Kept } from "./kept.ts";

/** What a composer begins with. */
export type Start =
  | { kind: "new"; to: AddressInput[] }
  | { kind: "answer"; message: Message; how: How }
  | { kind: "draft"; id: string }
  /** As it was, in this page or an earlier one. */
  | { kind: "kept"; kept: Kept };

export interface OpenComposer {
  key: string;
  start: Start;
}

interface Composers {
  open: OpenComposer[];
  openNew(to?: AddressInput[]): void;
  openReply(message: Message): void;
  openReplyAll(message: Message): void;
  openForward(message: Message): void;
  openAgain(message: Message): void;
  /** One that is open already stays the one. */
  openDraft(id: string): void;
  openKept(kept: Kept): void;
  close(key: string): void;
}

export const useComposers = create<Composers>((set) => {
  const add = (start: Start, key: string = crypto.randomUUID()) =>
    set(({ open }) => (open.some((one) => one.key === key) ? {} : { open: [...open, { key, start }] }));
  return {
    open: [],
    openNew: (to = []) => add({ kind: "new", to }),
    openReply: (message) => add({ kind: "answer", message, how: "reply" }),
    openReplyAll: (message) => add({ kind: "answer", message, how: "replyAll" }),
    openForward: (message) => add({ kind: "answer", message, how: "forward" }),
    openAgain: (message) => add({ kind: "answer", message, how: "again" }),
    openDraft: (id) => add({ kind: "draft", id }, id),
    openKept: (kept) => add({ kind: "kept", kept }, kept.key),
    close: (key) => set(({ open }) => ({ open: open.filter((composer) => composer.key !== key) })),
  };
});
