/** What each system that is measured can be asked, Mailmesh like its peers. How long it takes is measured elsewhere. */
import type { Generated } from "../generate.ts";

/** As much of a list as all are asked for. */
export const PAGE = 50;

export interface System {
  name: string;
  /** What was measured: version, and what is special about its setup. */
  about: string[];
  /** All of the mail, over as many connections at once. */
  deliver(mail: Generated[], connections: number): Promise<Delivered>;
  /** One connection of a mail reader. */
  connect(): Promise<Reader>;
  /** Whether marking over several connections at once is any use. */
  marksSideBySide: boolean;
  /** Each call starts a program: its start, the least call, is taken off where times are compared. */
  startsAProgram: boolean;
  disk(): Disk;
  /** Nothing is left behind: no process, no file. A second call waits for the first. */
  stop(): Promise<void>;
}

/** An answer that is there in whole; counting what is in it takes no time of the one who gave it. */
export type Listed = () => number;

export interface Reader {
  /** Messages in the inbox, as the system counts them. */
  total: number;
  /** The least that can be asked: what any call costs before there is any work. */
  least(): Promise<unknown>;
  /** The newest fifty of the inbox with sender, subject, date and flags. */
  page(): Promise<Listed>;
  /** Opens the nth newest message. */
  open(n: number): Promise<void>;
  /** The newest fifty hits as `page` gives them, of a query of bench/queries.ts. */
  search(q: string): Promise<Listed>;
  /** How many messages there are of it in all. */
  count(q: string): Promise<number>;
  /** Marks the nth newest message read, or unread. */
  mark(n: number, isRead: boolean): Promise<void>;
  close(): Promise<void>;
}

/** Seconds from the first byte. */
export interface Delivered {
  durable: number;
  searchable: number;
}

/** Bytes. */
export interface Disk {
  raw: number;
  textIndex: number;
  all: number;
}

/** Runs once however often it is called; everyone waits for the same end. */
export function once(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => {
    running ??= work();
    return running;
  };
}

/** Hands out the mail to `connections` at once. */
export async function sideBySide(
  connections: number,
  mail: Generated[],
  open: () => Promise<{ send: (one: Generated) => Promise<unknown>; close: () => void }>,
): Promise<void> {
  let next = 0;
  const worker = async () => {
    const connection = await open();
    for (let one = mail[next++]; one !== undefined; one = mail[next++]) await connection.send(one);
    connection.close();
  };
  await Promise.all(Array.from({ length: connections }, worker));
}
