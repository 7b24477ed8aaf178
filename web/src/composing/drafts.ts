/** Drafts at the server. */
import type { Message, MessageSummary } from "../../../contract/messages.ts";
import { ask, call, Refused } from "../api/call.ts";
import { attachmentsOf } from "./answer.ts";
import type { Draft } from "./kept.ts";
import { asDraft, EMPTY, type Letter, recipients } from "./letter.ts";

/**
 * Throws `Refused` and `Unreachable`. A draft that was changed or deleted elsewhere meanwhile is left as it is there, and
 * this one becomes another.
 */
export async function saveDraft(letter: Letter, draft: Draft | null): Promise<Draft> {
  const body = JSON.stringify(asDraft(letter));
  if (draft === null) return saved(await ask("POST", "/drafts", { body, headers: JSON_BODY }));
  const seen: Record<string, string> = draft.revision === null ? {} : { "if-match": `"${draft.revision}"` };
  try {
    return await saved(await ask("PUT", `/drafts/${draft.id}`, { body, headers: { ...JSON_BODY, ...seen } }));
  } catch (error) {
    if (error instanceof Refused && isElsewhere(error)) return saveDraft(letter, null);
    throw error;
  }
}

const JSON_BODY = { "content-type": "application/json" };

export const isElsewhere = ({ status }: Refused): boolean => status === 404 || status === 412;

async function saved(response: Response): Promise<Draft> {
  const { id }: MessageSummary = await response.json();
  return { id, revision: /"(.+)"/.exec(response.headers.get("etag") ?? "")?.[1] ?? null };
}

export async function openDraft(id: string): Promise<{ letter: Letter; draft: Draft }> {
  const message = await call<Message>("GET", `/messages/${id}`);
  return { letter: letterOf(message), draft: { id: message.id, revision: message.draft_revision } };
}

export const letterOf = (message: Message): Letter => ({
  ...EMPTY,
  from: message.from?.email ?? null,
  to: recipients(message.to),
  cc: recipients(message.cc),
  bcc: recipients(message.bcc),
  subject: message.subject,
  body: message.body,
  attachments: attachmentsOf(message),
});
