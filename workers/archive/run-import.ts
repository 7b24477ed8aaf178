/**
 * One slice of an import: reads on from where the last one stopped, hands batches to the Mailbox, and leaves the rest to
 * the next. What a crash leaves behind is bytes that nothing refers to, which the Mailbox finds (orphans.ts); the place
 * in the file moves only together with the messages in front of it.
 */
import { z } from "zod";
import type { ImportFormat } from "../../contract/imports.ts";
import { MAX_IMPORTED_MESSAGE_BYTES } from "../../contract/limits.ts";
import type { ImportStep } from "../../durable-objects/mailbox/import-messages.ts";
import type { ImportLease } from "../../durable-objects/mailbox/import-queue.ts";
import { ArchiveError } from "../../mail/archive/archive-error.ts";
import { ByteReader } from "../../mail/archive/byte-reader.ts";
import { type ByteSource, inflated } from "../../mail/archive/byte-source.ts";
import { type ArchiveItem, type ArchivePlace, formatOf, isGzip, readArchive } from "../../mail/archive/read-archive.ts";
import type { Env } from "../env.ts";
import { discardRaw } from "../storage/raw-messages.ts";
import { partsSource } from "./import-parts.ts";
import { storeBatch } from "./store-batch.ts";

/** What the `inbound` queue carries: whose import, and which. */
export const ImportJob = z.object({ import: z.object({ user_id: z.string(), number: z.number() }) });
export type ImportJob = z.infer<typeof ImportJob>;

/** A slice ends after so much: a Worker has 30 s of processor time and a thousand requests to other services. */
const SLICE_MS = 10_000;
const SLICE_MESSAGES = 500;
const SLICE_BYTES = 32 * 1024 * 1024;
/** What is in memory at once, and in one transaction. */
const BATCH_MESSAGES = 50;
const BATCH_BYTES = 4 * 1024 * 1024;

/** Takings of the lease at one place after which the message there is passed over: it is what breaks us. */
const PASS_OVER_AFTER = 11;

export async function runImport(env: Env, { import: { user_id, number } }: ImportJob): Promise<void> {
  const mailbox = env.MAILBOX.getByName(user_id);
  const lease = crypto.randomUUID();
  const job = await mailbox.claimImport(number, lease);
  if (job === null) return;
  const slice = new Slice(env, user_id, number, lease, job);
  try {
    if (await slice.read()) return;
  } catch (error) {
    if (error instanceof ArchiveError) {
      await mailbox.failImport(number, lease, { where: "", reason: error.reason, detail: error.message });
      return;
    }
    console.error("import broke off, its mailbox will go on with it", { user_id, number, error });
    await mailbox.releaseImport(number, lease, "failure");
    await slice.discardUnheld();
    return;
  }
  if (!(await mailbox.releaseImport(number, lease, "slice_is_over"))) return;
  try {
    await env.INBOUND.send({ import: { user_id, number } } satisfies ImportJob);
  } catch (error) {
    console.error("inbound queue does not answer, the mailbox's alarm will go on with the import", { number, error });
  }
}

/** An item, and how far it reaches. */
interface Batch {
  messages: Extract<ArchiveItem, { kind: "message" }>["message"][];
  unreadable: ImportStep["unreadable"];
  place: ArchivePlace | null;
  bytes: number;
}

class Slice {
  readonly #env: Env;
  readonly #userId: string;
  readonly #number: number;
  readonly #lease: string;
  readonly #job: ImportLease;
  /** Set with the first message: finding one's place in a compressed file takes time, and must not be all that is done. */
  #begin = Number.POSITIVE_INFINITY;
  /** Bytes of a step that is not written yet. */
  readonly #stored = new Set<string>();
  #messages = 0;
  #bytes = 0;

  constructor(env: Env, userId: string, number: number, lease: string, job: ImportLease) {
    this.#env = env;
    this.#userId = userId;
    this.#number = number;
    this.#lease = lease;
    this.#job = job;
  }

  /** Whether nothing is left to do, be it that somebody else does it. */
  async read(): Promise<boolean> {
    const { id, parts, progress } = this.#job;
    const directory = partsSource(this.#env, this.#userId, id, parts);
    const file = new Counted(directory);
    const { format, gzip } = await this.#formatOf(file);
    const options = { format, gzip, directory, max_message_bytes: MAX_IMPORTED_MESSAGE_BYTES };
    let batch = emptyBatch(progress.place);
    let isSuspect = progress.tries > PASS_OVER_AFTER;
    for await (const item of readArchive(file, options, progress.place)) {
      this.#begin = Math.min(this.#begin, Date.now());
      add(batch, isSuspect ? passedOver(item) : item);
      isSuspect = false;
      if (!this.#isFull(batch)) continue;
      if (!(await this.#save(batch, format, file))) return true;
      batch = emptyBatch(item.next);
      if (this.#isSpent()) return false;
    }
    await this.#save({ ...batch, place: null }, format, file);
    return true;
  }

  /** False when the lease was lost. */
  async #save(batch: Batch, format: ImportFormat, file: Counted): Promise<boolean> {
    const mailbox = this.#env.MAILBOX.getByName(this.#userId);
    const messages = await storeBatch(this.#env, this.#userId, batch.messages, (location) =>
      this.#stored.add(location),
    );
    const { unreadable, place } = batch;
    const bytes_read = place === null ? file.size : file.furthest;
    const step: ImportStep = { format, messages, unreadable, place, bytes_read };
    const saved = await mailbox.saveImportStep(this.#number, this.#lease, step);
    const unneeded = saved === null ? [...this.#stored] : saved.unneeded;
    this.#stored.clear();
    for (const location of unneeded) await discardRaw(this.#env, this.#userId, location);
    this.#messages += batch.messages.length;
    this.#bytes += batch.bytes;
    return saved !== null;
  }

  /**
   * After a failure. Whether the last step was written is not known, since an answer may be lost; now that the lease is
   * over it will not be any more, and the mailbox can be asked. What a crash leaves is found later: see orphans.ts.
   */
  async discardUnheld(): Promise<void> {
    if (this.#stored.size === 0) return;
    const unheld = await this.#env.MAILBOX.getByName(this.#userId).unheld([...this.#stored]);
    for (const location of unheld) await discardRaw(this.#env, this.#userId, location);
  }

  /** One at a time after a Worker has died here: what kills it is then alone, and what stands before it is safe. */
  #isFull({ messages, unreadable, bytes }: Batch): boolean {
    const most = this.#job.progress.tries > 2 ? 1 : BATCH_MESSAGES;
    return messages.length + unreadable.length >= most || bytes >= BATCH_BYTES || this.#isSpent();
  }

  #isSpent(): boolean {
    return this.#messages >= SLICE_MESSAGES || this.#bytes >= SLICE_BYTES || Date.now() - this.#begin >= SLICE_MS;
  }

  async #formatOf(file: ByteSource): Promise<{ format: ImportFormat; gzip: boolean }> {
    const gzip = isGzip(await beginningOf(file));
    const format = this.#job.format ?? formatOf(await beginningOf(gzip ? inflated(file, "gzip") : file));
    if (format !== null) return { format, gzip };
    throw new ArchiveError("not_an_archive", "the file is no mbox, no tar, no zip and no message");
  }
}

/** Knows how far the file was read, for who watches. */
class Counted implements ByteSource {
  readonly #source: ByteSource;
  readonly size: number;
  furthest = 0;

  constructor(source: ByteSource) {
    this.#source = source;
    this.size = source.size ?? 0;
  }

  async *read(from: number): AsyncGenerator<Uint8Array> {
    let at = from;
    for await (const chunk of this.#source.read(from)) {
      at += chunk.byteLength;
      this.furthest = Math.max(this.furthest, at);
      yield chunk;
    }
  }
}

const emptyBatch = (place: ArchivePlace): Batch => ({ messages: [], unreadable: [], place, bytes: 0 });

function add(batch: Batch, item: ArchiveItem): void {
  batch.place = item.next;
  if (item.kind === "message") {
    batch.messages.push(item.message);
    batch.bytes += item.message.bytes.byteLength;
  } else if (item.kind === "unreadable") {
    const { where, reason, detail } = item;
    batch.unreadable.push({ where: where.toWellFormed().slice(0, 500), reason, detail });
  }
}

function passedOver(item: ArchiveItem): ArchiveItem {
  if (item.kind !== "message") return item;
  const detail = "storing it broke off again and again";
  return { kind: "unreadable", where: item.message.where, reason: "not_storable", detail, next: item.next };
}

async function beginningOf(source: ByteSource): Promise<Uint8Array> {
  const reader = new ByteReader(source.read(0));
  const beginning = await reader.peek(512);
  await reader.close();
  return beginning;
}
