/** What is being written just now, and where on the screen. How it is written is fetched with the first (begun.tsx). */
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

/** `small`: only its name is seen. `inline`: in the conversation that it belongs to. */
export type ComposerPlace = "window" | "full" | "small" | "inline";

export interface OpenComposer {
  key: string;
  start: Start;
  place: ComposerPlace;
  /** What it is at the server. */
  draft_id: string | null;
}

interface Composers {
  open: OpenComposer[];
  openNew(to?: AddressInput[]): void;
  openReply(message: Message): void;
  openReplyAll(message: Message): void;
  openForward(message: Message): void;
  /** The same again, as a new message. */
  openAgain(message: Message): void;
  /** One that is open already stays the one, and comes forward. */
  openDraft(id: string, place?: ComposerPlace): void;
  openKept(kept: Kept): void;
  setPlace(key: string, place: ComposerPlace): void;
  setDraft(key: string, draft_id: string): void;
  /** The same draft, as another tab left it. */
  goOnWith(key: string, kept: Kept): void;
  /** Another tab writes it. In a conversation it stays in its place, and can be had back. */
  leaveToOther(key: string, draft_id: string): void;
  /** Takes it off the screen; see `closeComposer` in begin.ts for what was written. */
  remove(key: string): void;
}

/** More than these beside each other leave no room for what is behind them. */
const MOST_WINDOWS = 2;

export const useComposers = create<Composers>((set, get) => {
  const change = (key: string, changes: Partial<OpenComposer>) =>
    set(({ open }) => ({ open: open.map((one) => (one.key === key ? { ...one, ...changes } : one)) }));
  const add = (start: Start, key: string = crypto.randomUUID(), place: ComposerPlace = "window") =>
    set(({ open }) => {
      if (open.some((one) => one.key === key)) return {};
      const windows = open.filter((one) => one.place === "window" || one.place === "full");
      const inTheWay = place === "inline" ? [] : windows.slice(0, Math.max(0, windows.length + 1 - MOST_WINDOWS));
      const before = open.map((one) => (inTheWay.includes(one) ? { ...one, place: "small" as const } : one));
      const draft_id =
        start.kind === "draft" ? start.id : start.kind === "kept" ? (start.kept.draft?.id ?? null) : null;
      return { open: [...before, { key, start, place, draft_id }] };
    });
  return {
    open: [],
    openNew: (to = []) => add({ kind: "new", to }),
    openReply: (message) => add({ kind: "answer", message, how: "reply" }),
    openReplyAll: (message) => add({ kind: "answer", message, how: "replyAll" }),
    openForward: (message) => add({ kind: "answer", message, how: "forward" }),
    openAgain: (message) => add({ kind: "answer", message, how: "again" }),
    openDraft: (id, place = "window") => {
      const already = get().open.find(({ draft_id }) => draft_id === id);
      if (already === undefined) add({ kind: "draft", id }, id, place);
      else if (already.place === "small") change(already.key, { place });
    },
    openKept: (kept) => add({ kind: "kept", kept }, kept.key),
    setPlace: (key, place) => change(key, { place }),
    setDraft: (key, draft_id) => change(key, { draft_id }),
    goOnWith: (key, kept) => change(key, { key: kept.key, start: { kind: "kept", kept } }),
    leaveToOther: (key, id) => {
      const isInline = get().open.find((one) => one.key === key)?.place === "inline";
      if (isInline) change(key, { key: crypto.randomUUID(), start: { kind: "draft", id } });
      else get().remove(key);
    },
    remove: (key) => set(({ open }) => ({ open: open.filter((one) => one.key !== key) })),
  };
});
