/**
 * Messages as files: `{time}-{number}-{random}.eml` holds the exact bytes, and the `.json` of the same name the
 * envelope. The `.json` is there first, so whoever sees an `.eml` sees its envelope too, and both are whole: they are
 * written under another name, flushed to the disk and then renamed.
 */
import { randomBytes } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, open, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

export interface SunkEnvelope {
  mail_from: string;
  rcpt_to: string[];
}

/** Hidden and with another ending, so that nobody who looks for `*.eml` meets half a message. */
const UNFINISHED = /^\..*\.part$/;

export class EmlStore {
  readonly #folder: string;
  #number = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Makes the folder, and clears away what a killed process left half done. */
  async open(): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const names = new Set(await readdir(this.#folder));
    const lonely = (name: string) => name.endsWith(".json") && !names.has(name.replace(/json$/, "eml"));
    for (const name of names) {
      if (UNFINISHED.test(name) || lonely(name)) await rm(join(this.#folder, name));
    }
  }

  /** Resolves with the file's name when the message will survive a power cut. */
  async keep(message: Readable, envelope: SunkEnvelope): Promise<string> {
    const received = new Date();
    const name = this.#nameAt(received);
    const sidecar = { ...envelope, received_at: received.toISOString() };
    try {
      await pipeline(message, createWriteStream(this.#part(name, "eml"), { flush: true, flags: "wx", mode: 0o600 }));
      await writeFile(this.#part(name, "json"), `${JSON.stringify(sidecar, null, 2)}\n`, { flush: true, mode: 0o600 });
      await rename(this.#part(name, "json"), join(this.#folder, `${name}.json`));
      await rename(this.#part(name, "eml"), join(this.#folder, `${name}.eml`));
    } catch (error) {
      await Promise.all(["eml", "json"].map((ending) => rm(this.#part(name, ending), { force: true })));
      throw error;
    }
    await this.#flushFolder();
    return `${name}.eml`;
  }

  /** Sorts by time, then by arrival within this process; the random part keeps two processes apart. */
  #nameAt(received: Date): string {
    this.#number += 1;
    const time = received.toISOString().replaceAll(/[-:]/g, "");
    return `${time}-${String(this.#number).padStart(6, "0")}-${randomBytes(4).toString("hex")}`;
  }

  #part(name: string, ending: string): string {
    return join(this.#folder, `.${name}.${ending}.part`);
  }

  /** A rename is durable only when the folder is. */
  async #flushFolder(): Promise<void> {
    const folder = await open(this.#folder, "r");
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  }
}
