/** From what a composer begins with to the letter in it, and to its end. */
import type { Identity } from "../../../contract/identities.ts";
import type { Message } from "../../../contract/messages.ts";
import { beforeSignOut, useSignedIn } from "../account/signed-in.ts";
import { queryClient } from "../api/query-client.ts";
import { longDate } from "../language/dates.ts";
import { i18n } from "../language/i18n.ts";
import { shortName } from "../list/message-row.tsx";
import { settingsQuery } from "../settings/settings-query.ts";
import { answerTo, listed, type Writer } from "./answer.ts";
import { type OpenComposer, useComposers } from "./composers.ts";
import { openDraft } from "./drafts.ts";
import { useFormat } from "./format.ts";
import { EMPTY, type Letter, recipients } from "./letter.ts";
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
  const events = {
    onDraft: (id: string) => useComposers.getState().setDraft(key, id),
    onEnd: () => begun.delete(key),
  };
  if (start.kind === "kept") {
    const writing = beginWriting(key, start.kept.letter, events, start.kept);
    // It was being sent when its page ended, and perhaps it was.
    if (start.kept.attempt !== null) void sendLetter(writing);
    return writing;
  }
  if (start.kind !== "draft") return beginWriting(key, await firstLetter(start), events);
  const { letter, draft } = await openDraft(start.id);
  return beginWriting(key, letter, events, { draft });
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
