/** Drafts at the server. */
import type { Attachment, Message, MessageSummary } from "../../../contract/messages.ts";
import { ask, call, Refused } from "../api/call.ts";
import { attachmentsOf, contentOf } from "./answer.ts";
import type { Draft } from "./kept.ts";
import { type Attached, asDraft, EMPTY, type Letter, recipients } from "./letter.ts";

interface Saved {
  draft: Draft;
  /** As it was given, its attachments named as they are named now. */
  letter: Letter;
}

/**
 * Throws `Refused` and `Unreachable`. A draft that was changed or deleted elsewhere meanwhile is left as it is there, and
 * this one becomes another.
 */
export async function saveDraft(letter: Letter, draft: Draft | null): Promise<Saved> {
  const body = JSON.stringify(asDraft(letter));
  if (draft === null) return { letter, draft: await saved(ask("POST", "/drafts", { body, headers: JSON_BODY })) };
  const seen: Record<string, string> = draft.revision === null ? {} : { "if-match": `"${draft.revision}"` };
  try {
    const now = await saved(ask("PUT", `/drafts/${draft.id}`, { body, headers: { ...JSON_BODY, ...seen } }));
    const hasOwn = letter.attachments.some((attached) => isOf(draft.id, attached));
    if (!hasOwn) return { letter, draft: now };
    // Its own are named by their number, which is another where one before them went.
    const { attachments } = await call<Message>("GET", `/messages/${draft.id}`);
    return { letter: { ...letter, attachments: renumbered(letter.attachments, draft.id, attachments) }, draft: now };
  } catch (error) {
    if (error instanceof Refused && isElsewhere(error)) return saveDraft(letter, null);
    throw error;
  }
}

const JSON_BODY = { "content-type": "application/json" };

export const isElsewhere = ({ status }: Refused): boolean => status === 404 || status === 412;

async function saved(answer: Promise<Response>): Promise<Draft> {
  const response = await answer;
  const { id }: MessageSummary = await response.json();
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
