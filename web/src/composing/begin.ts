/** From what a composer begins with to the letter in it. */
import type { Identity } from "../../../contract/identities.ts";
import type { Message } from "../../../contract/messages.ts";
import { useSignedIn } from "../account/signed-in.ts";
import { queryClient } from "../api/query-client.ts";
import { longDate } from "../language/dates.ts";
import { i18n } from "../language/i18n.ts";
import { shortName } from "../list/message-row.tsx";
import { settingsQuery } from "../settings/settings-query.ts";
import { answerTo, listed, type Writer } from "./answer.ts";
import type { OpenComposer } from "./composers.ts";
import { openDraft } from "./drafts.ts";
import { EMPTY, type Letter, recipients } from "./letter.ts";
import { identitiesQuery } from "./queries.ts";
import { beginWriting, type Writing } from "./writing.ts";

/** By the composer's key. One that was closed before the server had it all is still here, and is taken up again. */
const begun = new Map<string, Promise<Writing>>();

export function writingOf({ key, start }: OpenComposer): Promise<Writing> {
  const writing = begun.get(key) ?? begin();
  begun.set(key, writing);
  writing.catch(() => begun.delete(key));
  return writing;

  async function begin(): Promise<Writing> {
    void queryClient.prefetchQuery(settingsQuery);
    if (start.kind === "kept") return beginWriting(key, start.kept.letter, start.kept);
    if (start.kind === "draft") {
      const { letter, draft } = await openDraft(start.id);
      return beginWriting(key, letter, { draft });
    }
    return beginWriting(key, await firstLetter(start));
  }
}

/** Once nothing of it is to be done any more. */
export const isDone = (key: string): boolean => begun.delete(key);

async function firstLetter(start: Exclude<OpenComposer["start"], { kind: "kept" | "draft" }>): Promise<Letter> {
  if (start.kind === "new") return { ...EMPTY, to: recipients(start.to) };
  // Without them an answer is written all the same, from the usual address.
  const identities = await queryClient.ensureQueryData(identitiesQuery).catch(() => []);
  return answerTo(start.message, start.how, writer(identities));
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
