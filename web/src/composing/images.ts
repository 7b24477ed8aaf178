/** The pictures of a letter as addresses that the page can show. */
import type { Attachment, Message } from "../../../contract/messages.ts";
import { ask, call } from "../api/call.ts";
import { keptFile } from "./kept.ts";
import type { Writing } from "./writing.ts";

const shown = new WeakMap<Writing, Map<string, Promise<string | null>>>();

/** `src` as the letter has it: `cid:` and the content id. Null for a picture that is not here. */
export function imageOf(writing: Writing, src: string): Promise<string | null> {
  const of = shown.get(writing) ?? new Map<string, Promise<string | null>>();
  shown.set(writing, of);
  const address = of.get(src) ?? addressOf(writing, src).catch(() => null);
  of.set(src, address);
  return address;
}

async function addressOf({ key, store }: Writing, src: string): Promise<string | null> {
  const [, id] = /^cid:(.+)$/.exec(src) ?? [];
  const { letter, draft } = store.getState();
  const attached = letter.attachments.find(({ content_id }) => content_id === id);
  if (attached === undefined) return null;
  const file = writingFiles.get(attached.key) ?? (await keptFile(key, attached.key))?.file;
  if (file) return URL.createObjectURL(file);
  const { source } = attached;
  if (source !== null && "message_id" in source)
    return download(source.message_id, source.n ?? 0, attached.content_type);
  // It was uploaded by an earlier page; the draft has it since.
  if (draft === null) return null;
  const { attachments } = await call<Message>("GET", `/messages/${draft.id}`);
  const found = attachments.find(({ content_id }: Attachment) => content_id === id);
  return found === undefined ? null : download(draft.id, found.n, found.content_type);
}

/** Those that were chosen in this page, by the attachment's key. */
export const writingFiles = new Map<string, File>();

async function download(id: string, n: number, type: string): Promise<string> {
  const answer = await ask("GET", `/messages/${id}/attachments/${n}`);
  return URL.createObjectURL(new Blob([await answer.arrayBuffer()], { type }));
}
