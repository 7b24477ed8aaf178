/** One letter, from its first key to the moment it is sent: what its composer shows, and what becomes of it meanwhile. */
import { createStore, type StoreApi } from "zustand/vanilla";
import type { Sent } from "../../../contract/messages.ts";
import { useSignedIn } from "../account/signed-in.ts";
import { call, Refused, Unreachable } from "../api/call.ts";
import { i18n } from "../language/i18n.ts";
import { isElsewhere, saveDraft } from "./drafts.ts";
import { type Attempt, type Draft, forget, hold, type Kept, keep } from "./kept.ts";
import { asDraft, isEmpty, type Letter } from "./letter.ts";

export interface WritingState {
  letter: Letter;
  draft: Draft | null;
  /** `here`: in this browser alone, since the server cannot be reached or does not take it. */
  saving: "untouched" | "saving" | "saved" | "here";
  isSending: boolean;
  complaint: string | null;
}

export interface SendOptions {
  send_at?: string;
  ignore_suppressed?: true;
}

export interface Writing {
  key: string;
  store: StoreApi<WritingState>;
  edit(change: Partial<Letter>): void;
  /** Null where it was not sent: `complaint` says why. */
  send(options?: SendOptions): Promise<Sent | null>;
  /** Whatever is not at the server yet goes there; nobody has to wait for it. */
  close(): void;
  /** Nothing of it is kept. */
  discard(): Promise<void>;
}

/** So long after the last key it is saved, and so long after the first at the latest. */
const PAUSE = 1000;
const AT_LATEST = 5000;
/** So long after a failure it is tried again; sooner where the network comes back. */
const RETRY = 10_000;

export function beginWriting(key: string, letter: Letter, kept: Partial<Kept> = {}): Writing {
  const address = useSignedIn.getState().address ?? "";
  const store = createStore<WritingState>(() => ({
    ...{ letter, draft: kept.draft ?? null, isSending: false, complaint: null },
    saving: kept.key === undefined ? "untouched" : "here",
  }));
  const release = hold(key);
  let atServer = kept.key === undefined ? letter : null;
  let attempt: Attempt | null = kept.attempt ?? null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let firstKey: number | null = null;
  let saving: Promise<void> | null = null;
  let keeping: Promise<void> = Promise.resolve();
  let isClosed = false;
  let isOver = false;

  const isUnsaved = () => store.getState().letter !== atServer;
  addEventListener("online", saveNow);

  /** One after the other, so that the last is the one that stays. */
  function keepHere(): Promise<void> {
    keeping = keeping.then(async () => {
      const { letter, draft } = store.getState();
      if (!isOver) await keep({ key, address, letter, draft, attempt });
    });
    return keeping;
  }

  function edit(change: Partial<Letter>): void {
    store.setState(({ letter }) => ({ letter: { ...letter, ...change }, saving: "saving" }));
    void keepHere();
    firstKey ??= Date.now();
    saveIn(Math.min(PAUSE, Math.max(0, firstKey + AT_LATEST - Date.now())));
  }

  function saveIn(milliseconds: number): void {
    clearTimeout(timer);
    timer = setTimeout(saveNow, milliseconds);
  }

  function saveNow(): void {
    if (!isOver && !store.getState().isSending && isUnsaved()) saving ??= save().finally(() => (saving = null));
  }

  async function save(): Promise<void> {
    clearTimeout(timer);
    firstKey = null;
    const { letter, draft } = store.getState();
    try {
      const saved = await saveDraft(letter, draft);
      if (isOver) return;
      atServer = letter;
      store.setState({ draft: saved });
      if (isUnsaved()) {
        await keepHere();
        saveIn(PAUSE);
      } else {
        store.setState({ saving: "saved" });
        await keeping;
        if (isClosed) await end();
        else if (!isUnsaved()) await forget(key);
      }
    } catch (error) {
      store.setState({ saving: "here" });
      if (error instanceof Unreachable) saveIn(RETRY);
      else store.setState({ complaint: i18n.t("composing.notSaved", { why: messageOf(error) }) });
    }
  }

  async function send(options: SendOptions = {}): Promise<Sent | null> {
    if (store.getState().isSending) return null;
    clearTimeout(timer);
    store.setState({ isSending: true, complaint: null });
    await saving;
    const { letter, draft } = store.getState();
    const body = { ...asDraft(letter), ...options };
    const path = draft === null ? "/messages" : `/drafts/${draft.id}/send`;
    const request = JSON.stringify([path, body]);
    if (attempt?.request !== request) attempt = { request, key: crypto.randomUUID() };
    // Known here before it is known there: a lost answer does not send it twice.
    await keepHere();
    try {
      const headers: Record<string, string> = { "idempotency-key": attempt.key };
      if (draft?.revision) headers["if-match"] = `"${draft.revision}"`;
      const sent = await call<Sent>("POST", path, { body, headers });
      await end();
      return sent;
    } catch (error) {
      complain(error);
      return null;
    }
  }

  function complain(error: unknown): void {
    store.setState({ isSending: false, complaint: messageOf(error) });
    if (error instanceof Unreachable) store.setState({ complaint: i18n.t("composing.unreachable") });
    else if (error instanceof Refused && store.getState().draft !== null && isElsewhere(error)) {
      // What is here becomes a letter of its own.
      store.setState({ draft: null, complaint: i18n.t("composing.elsewhere") });
    }
    if (isUnsaved()) saveIn(PAUSE);
  }

  async function end(): Promise<void> {
    isOver = true;
    clearTimeout(timer);
    removeEventListener("online", saveNow);
    await keeping;
    await forget(key);
    release();
  }

  function close(): void {
    const { letter, draft } = store.getState();
    if (!isUnsaved() || (draft === null && isEmpty(letter))) return void end();
    isClosed = true;
    saveNow();
  }

  return { key, store, edit, send, close, discard: end };
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
