/**
 * An export as it goes out: a page of messages from the Mailbox, each message's bytes from R2, and then the next. What is
 * in memory is one message, however many there are.
 */
import { makeZip } from "client-zip";
import type { ExportedMessage, ExportPage } from "../../durable-objects/mailbox/export-messages.ts";
import { fileNameOf } from "../../mail/archive/entry-place.ts";
import { toMbox } from "../../mail/archive/mbox-writer.ts";
import { concatBytes } from "../../mail/compose/bytes.ts";
import type { Env } from "../env.ts";
import { findRaw } from "../storage/raw-messages.ts";

/** Gives the pages of an export. `end` is called when no more is asked for. */
export interface Pages {
  next(cursor: string | undefined): Promise<ExportPage>;
  end(): void;
}

/** The first page is asked for before the answer begins: what is wrong with the request is said then. */
export async function exportMbox(env: Env, pages: Pages) {
  return streamOf(mboxChunks(messagesOf(env, pages, await pages.next(undefined))));
}

export async function exportZip(env: Env, pages: Pages) {
  return makeZip(zipFiles(messagesOf(env, pages, await pages.next(undefined))), { buffersAreUTF8: true });
}

interface Whole {
  message: ExportedMessage;
  bytes: Uint8Array<ArrayBuffer>;
  /** So many of them are the mesh's own fields. */
  added: number;
}

async function* messagesOf(env: Env, pages: Pages, first: ExportPage): AsyncGenerator<Whole> {
  try {
    for (let page = first; ; page = await pages.next(page.next_cursor ?? undefined)) {
      for (const message of page.messages) {
        const raw = await findRaw(env, message.raw.raw_key);
        // Deleted since the page was read: then it is not in the mailbox, and not in the export.
        if (raw === null) continue;
        const added = new TextEncoder().encode(message.raw.added_fields);
        const bytes = concatBytes([added, raw]);
        yield { message, bytes, added: added.byteLength };
      }
      if (page.next_cursor === null) return;
    }
  } finally {
    pages.end();
  }
}

async function* mboxChunks(messages: AsyncIterable<Whole>): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  for await (const { message, bytes, added } of messages) {
    const { received_at, return_path, delivered_to, folders, is_read, is_flagged, is_draft, keywords } = message;
    const flags = { is_read, is_flagged, is_draft, keywords };
    yield toMbox(bytes, { added, received_at, return_path, delivered_to, folders, ...flags });
  }
}

/** A message in two folders is a file in each: an import makes one message of them, since their bytes are the same. */
async function* zipFiles(messages: AsyncIterable<Whole>) {
  for await (const { message, bytes } of messages) {
    const { received_at, id, is_read, is_flagged, is_draft, keywords } = message;
    const flags = { is_read, is_flagged, is_draft, is_answered: keywords.includes("$answered") };
    for (const names of message.folder_names) {
      const path = [...names.map(directoryName), fileNameOf(received_at, id, flags)].join("/");
      yield { name: path, lastModified: new Date(Math.max(FIRST_DOS_DATE, received_at)), input: bytes };
    }
  }
}

const FIRST_DOS_DATE = Date.UTC(1980, 0, 1);

/** A folder may be called `..`; whoever unpacks the zip must not be led out of it. */
const directoryName = (name: string): string => (/^\.+$/.test(name) ? `_${name}` : name.replaceAll(/[\\:]/g, "-"));

/** Nothing is read before it is asked for, and who goes away ends the reading. */
function streamOf(chunks: AsyncGenerator<Uint8Array<ArrayBuffer>>): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const next = await chunks.next();
      if (next.done) controller.close();
      else controller.enqueue(next.value);
    },
    cancel: async () => void (await chunks.return(undefined)),
  });
}
