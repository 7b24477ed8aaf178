/** Drafts at the server. */
import type { Folder } from "../../../contract/folders.ts";
import type { Attachment, Message, MessagePage, MessageSummary } from "../../../contract/messages.ts";
import { ask, bodyOf, call, Refused } from "../api/call.ts";
import { attachmentsOf, contentOf } from "./answer.ts";
import type { Draft } from "./kept.ts";
import { type Attached, asDraft, EMPTY, everyone, type Letter, recipients } from "./letter.ts";

interface Saved {
  draft: Draft;
  /** As it was given, its attachments named as they are named now. */
  letter: Letter;
}

/**
 * Throws `Refused` and `Unreachable`. A draft that was changed or deleted elsewhere meanwhile is left as it is there, and
 * this one becomes another. `tried`: what was given to the server and not answered. It may be what is there.
 */
export async function saveDraft(letter: Letter, draft: Draft | null, tried: readonly Letter[]): Promise<Saved> {
  const known = draft ?? (await findTried(tried));
  if (known !== null) {
    try {
      return await replaceDraft(letter, known);
    } catch (error) {
      if (!(error instanceof Refused && isElsewhere(error))) throw error;
      const there = error.status === 412 ? await call<Message>("GET", `/messages/${known.id}`) : null;
      if (there?.draft_revision && tried.some((one) => isWhatIsIn(there, one))) {
        return replaceDraft(letter, { id: there.id, revision: there.draft_revision });
      }
    }
  }
  return {
    letter,
    draft: await saved(ask("POST", "/drafts", { body: asJson(letter), headers: JSON_BODY, within: LONGEST_WAIT })),
  };
}

async function replaceDraft(letter: Letter, { id, revision }: Draft): Promise<Saved> {
  const headers: Record<string, string> = {
    ...JSON_BODY,
    ...(revision === null ? {} : { "if-match": `"${revision}"` }),
  };
  const draft = await saved(ask("PUT", `/drafts/${id}`, { body: asJson(letter), headers, within: LONGEST_WAIT }));
  if (!letter.attachments.some((attached) => isOf(id, attached))) return { letter, draft };
  // Its own are named by their number, which is another where one before them went.
  const { attachments } = await call<Message>("GET", `/messages/${id}`);
  return { letter: { ...letter, attachments: renumbered(letter.attachments, id, attachments) }, draft };
}

/** A draft that was made though its answer was lost: among the newest. */
async function findTried(tried: readonly Letter[]): Promise<Draft | null> {
  if (tried.length === 0) return null;
  const folders = await call<Folder[]>("GET", "/folders");
  const drafts = folders.find(({ role }) => role === "drafts");
  const { messages } = await call<MessagePage>("GET", `/folders/${drafts?.id}/messages?limit=10`);
  for (const { id, subject } of messages) {
    if (!tried.some((letter) => letter.subject === subject)) continue;
    const message = await call<Message>("GET", `/messages/${id}`);
    if (tried.some((letter) => isWhatIsIn(message, letter)))
      return { id: message.id, revision: message.draft_revision };
  }
  return null;
}

/** To the word: how the server writes HTML is its own affair. */
function isWhatIsIn(message: Message, letter: Letter): boolean {
  const there = letterOf(message);
  const wordsOf = ({ body, html, quote }: Letter) =>
    (html === null ? body : `${html}${quote?.html ?? ""}`).replaceAll(/<[^>]*>|\s+/g, "");
  const peopleOf = ({ to, cc, bcc }: Letter) => [to, cc, bcc].map((field) => everyone(field).map(({ email }) => email));
  return (
    there.subject === letter.subject &&
    wordsOf(there) === wordsOf(letter) &&
    JSON.stringify(peopleOf(there)) === JSON.stringify(peopleOf(letter))
  );
}

/** So long an answer is waited for. */
const LONGEST_WAIT = 60_000;
const asJson = (letter: Letter): string => JSON.stringify(asDraft(letter));
const JSON_BODY = { "content-type": "application/json" };

export const isElsewhere = ({ status }: Refused): boolean => status === 404 || status === 412;

async function saved(answer: Promise<Response>): Promise<Draft> {
  const response = await answer;
  const { id } = await bodyOf<MessageSummary>(response);
  return { id, revision: /"(.+)"/.exec(response.headers.get("etag") ?? "")?.[1] ?? null };
}

const isOf = (id: string, { source }: Attached): boolean =>
  source !== null && "message_id" in source && source.message_id === id && source.n !== undefined;

/** The draft's own attachments by the numbers that they have there now. */
export function renumbered(attachments: readonly Attached[], id: string, there: readonly Attachment[]): Attached[] {
  const left = [...there];
  return attachments.map((attached) => {
    const at = left.findIndex((one) => isSame(one, attached));
    const [found] = at === -1 ? [] : left.splice(at, 1);
    const { source } = attached;
    if (!found || source === null || !("message_id" in source) || !isOf(id, attached)) return attached;
    return { ...attached, source: { ...source, n: found.n } };
  });
}

const isSame = (one: Attachment, { filename, size, content_id }: Attached): boolean =>
  one.filename === filename &&
  one.size === size &&
  (one.disposition === "inline" ? one.content_id : null) === content_id;

export async function openDraft(id: string): Promise<Saved> {
  const message = await call<Message>("GET", `/messages/${id}`);
  return { letter: letterOf(message), draft: { id: message.id, revision: message.draft_revision } };
}

export const letterOf = (message: Message): Letter => ({
  ...EMPTY,
  ...contentOf(message),
  from: message.from?.email ?? null,
  to: recipients(message.to),
  cc: recipients(message.cc),
  bcc: recipients(message.bcc),
  subject: message.subject,
  attachments: attachmentsOf(message),
  in_reply_to: message.headers.in_reply_to,
});
