/** From what a composer begins with to the letter in it, and to its end. */
import type { Identity } from "../../../contract/identities.ts";
import type { Message } from "../../../contract/messages.ts";
import { beforeSignOut, useSignedIn } from "../account/signed-in.ts";
import { queryClient } from "../api/query-client.ts";
import { notify } from "../design/notices.tsx";
import { longDate } from "../language/dates.ts";
import { i18n } from "../language/i18n.ts";
import { shortName } from "../list/message-row.tsx";
import { settingsQuery } from "../settings/settings-query.ts";
import { answerTo, listed, type Writer } from "./answer.ts";
import { type OpenComposer, useComposers } from "./composers.ts";
import { openDraft } from "./drafts.ts";
import { useFormat } from "./format.ts";
import { type Kept, keptOf } from "./kept.ts";
import { EMPTY, type Letter, recipients } from "./letter.ts";
import { holdDraft, onWanted, releaseDraft, WrittenElsewhere } from "./one-writer.ts";
import { identitiesQuery } from "./queries.ts";
import { sendLetter } from "./send-letter.ts";
import { identityOf, sign } from "./signatures.ts";
import { beginWriting, type Writing } from "./writing.ts";

/** By the composer's key. What was closed before the server had all of it is still here. */
const begun = new Map<string, Promise<Writing>>();

export function writingOf(composer: OpenComposer): Promise<Writing> {
  const { key } = composer;
  const already = begun.get(key);
  if (already !== undefined) {
    void already.then((writing) => writing.reopen());
    return already;
  }
  const writing = begin(composer);
  begun.set(key, writing);
  writing.catch(() => begun.delete(key));
  return writing;
}

async function begin({ key, start }: OpenComposer): Promise<Writing> {
  void queryClient.prefetchQuery(settingsQuery);
  let held: string | undefined;
  const holdIt = async (id: string) => {
    if (held !== undefined && held !== id) releaseDraft(held);
    held = id;
    return holdDraft(id);
  };
  const events = {
    onDraft: (id: string) => {
      useComposers.getState().setDraft(key, id);
      void holdIt(id);
    },
    onEnd: () => {
      begun.delete(key);
      if (held !== undefined) releaseDraft(held);
    },
  };
  if (start.kind === "new" || start.kind === "answer") return beginWriting(key, await firstLetter(start), events);
  const id = start.kind === "draft" ? start.id : start.kept.draft?.id;
  if (id !== undefined && !(await holdIt(id))) throw new WrittenElsewhere();
  try {
    const kept = start.kind === "kept" ? start.kept : await leftBehind(start.id);
    if (kept === undefined) {
      const { letter, draft } = await openDraft(id ?? "");
      return beginWriting(key, letter, events, { draft });
    }
    if (kept.key !== key) throw new GoesOn(kept);
    const writing = beginWriting(key, kept.letter, events, kept);
    // It was being sent when its page ended, and perhaps it was.
    if (kept.attempt !== null) void sendLetter(writing);
    return writing;
  } catch (error) {
    events.onEnd();
    if (error instanceof GoesOn) useComposers.getState().goOnWith(key, error.kept);
    throw error;
  }
}

/** It is written under the key that another tab gave it. */
export class GoesOn extends Error {
  override name = "GoesOn";
  readonly kept: Kept;

  constructor(kept: Kept) {
    super();
    this.kept = kept;
  }
}

/** What a tab that wrote this draft could not save: whoever holds the draft is the only one to go on with it. */
async function leftBehind(id: string): Promise<Kept | undefined> {
  const kept = await keptOf(useSignedIn.getState().address ?? "").catch(() => []);
  return kept.find(({ draft }) => draft?.id === id);
}

onWanted((id) => void leaveToOther(id));

/** Whoever would like to go on with it in another tab has it there as it is here. */
async function leaveToOther(id: string): Promise<void> {
  const composer = useComposers.getState().open.find(({ draft_id }) => draft_id === id);
  const writing = composer && (await begun.get(composer.key)?.catch(() => undefined));
  if (!composer || !(await writing?.leave())) return;
  useComposers.getState().leaveToOther(composer.key, id);
  if (composer.place !== "inline") notify(i18n.t("composing.inOtherTab"));
}

/** What is not at the server yet goes there; nobody has to wait for it. */
export function closeComposer(key: string): void {
  useComposers.getState().remove(key);
  void begun.get(key)?.then((writing) => writing.close());
}

// What the server does not have would stay behind in this browser.
beforeSignOut(async () => {
  const all = await Promise.all(begun.values());
  await Promise.all(all.map((writing) => writing.settle()));
  if (all.some(({ store }) => store.getState().saving === "here")) throw new Error(i18n.t("composing.notSavedYet"));
});

async function firstLetter(start: Exclude<OpenComposer["start"], { kind: "kept" | "draft" }>): Promise<Letter> {
  // Without them it is written all the same, from the usual address.
  const identities = await queryClient.ensureQueryData(identitiesQuery).catch(() => []);
  if (start.kind === "answer") {
    const letter = answerTo(start.message, start.how, writer(identities));
    return start.how === "again" ? letter : sign(letter, identityOf(identities, letter.from));
  }
  const html = useFormat.getState().isRich ? "<p></p>" : null;
  return sign({ ...EMPTY, html, to: recipients(start.to) }, identityOf(identities, null));
}

function writer(identities: readonly Identity[]): Writer {
  const date = ({ sent_at, received_at }: Message) => longDate(new Date(sent_at ?? received_at), i18n.language);
  const own = useSignedIn.getState().address;
  return {
    addresses: identities.length > 0 ? identities.map(({ email }) => email) : own === null ? [] : [own],
    introduce: (message) => i18n.t("composing.quote.wrote", { name: shortName(message.from), date: date(message) }),
    describe: (message) => [
      i18n.t("composing.quote.forwarded"),
      i18n.t("composing.quote.from", { from: message.from === null ? "" : listed([message.from]) }),
      i18n.t("composing.quote.date", { date: date(message) }),
      i18n.t("composing.quote.subject", { subject: message.subject }),
      i18n.t("composing.quote.to", { to: listed(message.to) }),
    ],
  };
}
