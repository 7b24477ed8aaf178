/** One letter, from its first key to the moment it is sent: what its composer shows, and what becomes of it meanwhile. */
import { createStore, type StoreApi } from "zustand/vanilla";
import type { Sent } from "../../../contract/messages.ts";
import { useSignedIn } from "../account/signed-in.ts";
import { Refused, Unreachable } from "../api/call.ts";
import { notify } from "../design/notices.tsx";
import { i18n } from "../language/i18n.ts";
import { type Attaching, createAttaching, type OnItsWay } from "./attaching.ts";
import { isElsewhere, saveDraft } from "./drafts.ts";
import { type Attempt, type Draft, forget, hold, type Kept, keep } from "./kept.ts";
import { isEmpty, type Letter } from "./letter.ts";
import { attemptOf, post, type Sending } from "./post.ts";
import { mistakenAddresses, worryAbout } from "./worries.ts";

export interface WritingState {
  letter: Letter;
  draft: Draft | null;
  /** `here`: in this browser alone, since the server cannot be reached or does not take it. */
  saving: "untouched" | "saving" | "saved" | "here";
  /** `waiting`: for the network. */
  sending: "no" | "yes" | "waiting";
  /** `again`: how it can be sent all the same. */
  complaint: { text: string; again?: Sending } | null;
  /** Of the attachments that are not up yet, by their keys. */
  uploads: Record<string, OnItsWay>;
}

export interface Writing extends Omit<Attaching, "settled" | "resume" | "stop"> {
  key: string;
  store: StoreApi<WritingState>;
  edit(change: Partial<Letter>): void;
  /** Null where it was not sent: `complaint` says why. */
  send(options?: Sending): Promise<Sent | null>;
  /** What is not at the server yet goes there, and then it ends. */
  close(): void;
  /** It is on the screen again. */
  reopen(): void;
  /** Resolves when the server has it, or does not want it. */
  settle(): Promise<void>;
  /** Another tab goes on with it: what the server does not have is kept for it. Resolves with whether it could be left. */
  leave(): Promise<boolean>;
  /** Nothing of it is kept here. */
  discard(): Promise<void>;
}

export interface WritingEvents {
  onDraft(id: string): void;
  onEnd(): void;
}

/** So long after the last key it is saved, and so long after the first at the latest. */
const PAUSE = 1000;
const AT_LATEST = 5000;
/** So many are compared with what is at the server after answers were lost. */
const MOST_TRIED = 4;
/** So long after a failure it is tried again; sooner where the network comes back. */
const RETRY = 10_000;

export function beginWriting(key: string, letter: Letter, events: WritingEvents, kept: Partial<Kept> = {}): Writing {
  const account = useSignedIn.getState().user_id ?? "";
  const isKept = kept.key !== undefined;
  const store = createStore<WritingState>(() => ({
    ...{ letter, draft: kept.draft ?? null, sending: "no", complaint: null, uploads: {} },
    saving: isKept ? "here" : "untouched",
  }));
  const attaching = createAttaching(key, store, edit);
  const release = hold(key);
  const over = new AbortController();
  let atServer = isKept ? null : letter;
  let attempt: Attempt | null = kept.attempt ?? null;
  let tried: Letter[] = kept.tried ?? [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  let firstKey: number | null = null;
  let saving: Promise<void> | null = null;
  let keeping: Promise<void> = Promise.resolve();
  let isKeptHere = true;
  let isClosed = false;

  const state = store.getState;
  const isUnsaved = () => state().letter !== atServer;
  addEventListener("online", saveNow, { signal: over.signal });
  if (isKept) {
    void attaching.resume();
    if (attempt === null) saveIn(PAUSE);
  }

  /** One after the other, so that the last is the one that stays. */
  function keepHere(): Promise<void> {
    keeping = keeping.then(async () => {
      const { letter, draft } = state();
      if (!over.signal.aborted) isKeptHere = await keep({ key, account, letter, draft, attempt, tried });
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
    // What may have been sent already must not become a draft as well.
    const isWanted = !over.signal.aborted && attempt === null && isUnsaved();
    if (isWanted) saving ??= save().finally(() => (saving = null));
  }

  async function save(): Promise<void> {
    clearTimeout(timer);
    firstKey = null;
    const { letter, draft } = state();
    const before = tried;
    tried = [...before.slice(-MOST_TRIED), letter];
    await keepHere();
    try {
      const saved = await saveDraft(letter, draft, before);
      tried = [];
      if (over.signal.aborted) return;
      store.setState(({ letter: now }) => ({ draft: saved.draft, letter: now === letter ? saved.letter : now }));
      atServer = saved.letter;
      if (state().complaint?.text === i18n.t("composing.keptNowhere")) store.setState({ complaint: null });
      events.onDraft(saved.draft.id);
      await (isUnsaved() ? later() : whenSaved());
    } catch (error) {
      store.setState({ saving: "here" });
      if (error instanceof Unreachable) saveIn(RETRY);
      else {
        tried = before;
        store.setState({ complaint: { text: i18n.t("composing.notSaved", { why: messageOf(error) }) } });
      }
      if (!isKeptHere) store.setState({ complaint: { text: i18n.t("composing.keptNowhere") } });
    }
  }

  function later(): Promise<void> {
    saveIn(isClosed ? 0 : PAUSE);
    return keepHere();
  }

  async function whenSaved(): Promise<void> {
    store.setState({ saving: "saved" });
    await keeping;
    if (isUnsaved()) return;
    if (isClosed && (await attaching.settled()) && !isUnsaved()) await end();
    // Its files would be forgotten with it.
    else if (Object.keys(state().uploads).length === 0) await forget(key);
  }

  async function send({ isSure, ...options }: Sending = {}): Promise<Sent | null> {
    if (state().sending !== "no") return null;
    clearTimeout(timer);
    store.setState({ sending: "yes", complaint: null });
    await saving;
    const mistaken = attempt === null ? mistakenAddresses(state().letter) : null;
    if (mistaken !== null) return complain(new Error(mistaken), options);
    if (!(await attaching.settled())) return complain(new Error(i18n.t("composing.filesMissing")), options);
    const worry = isSure || attempt !== null ? null : await worryAbout(state().letter);
    if (worry !== null) {
      store.setState({ sending: "no", complaint: { text: worry, again: { ...options, isSure: true } } });
      return null;
    }
    // A draft whose saving was not answered is found before it is sent.
    if (tried.length > 0) saveNow();
    await saving;
    // Known here before it is known there: a lost answer does not send it twice.
    const { letter, draft } = state();
    attempt ??= attemptOf(letter, draft && { ...draft, revision: tried.length > 0 ? null : draft.revision }, options);
    await keepHere();
    try {
      const sent = await post(attempt, over.signal, () => store.setState({ sending: "waiting" }));
      await end();
      return sent;
    } catch (error) {
      attempt = null;
      return complain(error, options);
    }
  }

  function complain(error: unknown, options: Sending): null {
    const { draft } = state();
    const isSuppressed = error instanceof Refused && error.reason === "suppressed_recipients";
    const again: Sending = { ...options, ignore_suppressed: true, isSure: true };
    store.setState({ sending: "no", complaint: { text: messageOf(error), ...(isSuppressed ? { again } : {}) } });
    if (error instanceof Refused && draft !== null && isElsewhere(error)) {
      // What is here becomes a letter of its own.
      store.setState({ draft: null, complaint: { text: i18n.t("composing.elsewhere") } });
    }
    // On the next page it would be sent after all.
    void keepHere();
    saveIn(PAUSE);
    return null;
  }

  async function end(): Promise<void> {
    over.abort();
    await keeping;
    await forget(key);
    await stop();
  }

  async function stop(): Promise<void> {
    over.abort();
    attaching.stop();
    clearTimeout(timer);
    await keeping;
    release();
    events.onEnd();
  }

  function close(): void {
    const { letter, draft, saving, sending, uploads } = state();
    isClosed = true;
    if (sending !== "no") return;
    if (saving === "here") notify(i18n.t("composing.keptHere"));
    const isNothing = draft === null && isEmpty(letter);
    if (isNothing || (!isUnsaved() && Object.keys(uploads).length === 0)) void end();
    else saveNow();
  }

  function reopen(): void {
    isClosed = false;
  }

  const settle = async () => {
    saveNow();
    await saving;
  };

  async function leave(): Promise<boolean> {
    if (state().sending !== "no" || attempt !== null) return false;
    // What was being saved may have been an earlier text.
    await settle();
    await settle();
    await keeping;
    const isKept = isUnsaved() || Object.keys(state().uploads).length > 0;
    await (isKept ? stop() : end());
    return true;
  }

  return {
    key,
    store,
    edit,
    send,
    close,
    reopen,
    settle,
    leave,
    discard: end,
    attach: attaching.attach,
    detach: attaching.detach,
  };
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
