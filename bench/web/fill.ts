/** The same generated mail of the last three years for every mailbox that is measured, as one mbox file. */
import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { generate } from "../generate.ts";

const YEARS = 3;
/** Of the newest, as many are not read. */
const UNREAD = 50;

/** Writes it into a folder, and says where it is. */
export async function writeMbox(folder: string, messages: number): Promise<string> {
  const file = join(folder, "all.mbox");
  await pipeline(Readable.from(mbox(messages)), createWriteStream(file));
  return file;
}

function* mbox(messages: number): Generator<Buffer> {
  const apart = (YEARS * 365 * 86_400_000) / messages;
  let n = 0;
  for (const { from, raw } of generate(messages)) {
    n += 1;
    const at = new Date(Date.now() - (messages - n) * apart);
    // As asctime(3) writes it: "Sat Nov 28 10:00:00 2026".
    const [day, date, month, year, time] = at.toUTCString().replace(",", "").split(" ");
    yield Buffer.from(`From ${from} ${day} ${month} ${date} ${time} ${year}\n`);
    yield Buffer.from(`Status: ${messages - n < UNREAD ? "O" : "RO"}\n`);
    // With an empty line behind it: the next "From " would be text otherwise.
    const text = raw
      .toString("latin1")
      .replaceAll("\r\n", "\n")
      .replaceAll(/^(>*From )/gm, ">$1");
    yield Buffer.from(`${text}\n\n`, "latin1");
  }
}
