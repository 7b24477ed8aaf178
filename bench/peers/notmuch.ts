/** notmuch: files in a Maildir, an index beside them, and a program that is started for every question. */
import { mkdirSync, writeFileSync } from "node:fs";
import { open, rename } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { Generated } from "../generate.ts";
import { bytesUnder } from "../measure.ts";
import { ask, run, scratchFolder } from "./programs.ts";
import { type Delivered, once, PAGE, type Reader, type System, sideBySide } from "./system.ts";

type Notmuch = (...args: string[]) => Promise<Buffer>;

/** Without it Xapian takes a run of Chinese or Japanese for one word, and notmuch finds none of its parts. */
const INDEX_CJK = { XAPIAN_CJK_NGRAM: "1" };

export async function notmuch(): Promise<System> {
  const scratch = scratchFolder("bench-notmuch");
  const inbox = join(scratch.folder, "mail/inbox");
  for (const name of ["tmp", "new", "cur"]) mkdirSync(join(inbox, name), { recursive: true });
  const config = join(scratch.folder, "config");
  writeFileSync(config, `[database]\npath=${scratch.folder}/mail\n[user]\nprimary_email=alice@mesh.test\n`);
  const call: Notmuch = (...args) => run("notmuch", args, { NOTMUCH_CONFIG: config, ...INDEX_CJK });
  return {
    name: "notmuch",
    about: [
      `${ask("notmuch", "--version")}: files with fsync in a Maildir, then one \`notmuch new\` for all`,
      "with XAPIAN_CJK_NGRAM; its lists are of threads and the others' of messages",
      "a program is started for each call: that start, its least call, is taken off where times are compared",
    ],
    deliver: (mail, connections) => deliver(inbox, call, mail, connections),
    connect: () => connectReader(call),
    // One writer at a time: the others wait for its lock.
    marksSideBySide: false,
    startsAProgram: true,
    disk: () => ({
      raw: bytesUnder(inbox),
      textIndex: bytesUnder(join(scratch.folder, "mail/.notmuch")),
      all: bytesUnder(join(scratch.folder, "mail")),
    }),
    stop: once(async () => scratch.remove()),
  };
}

async function deliver(inbox: string, call: Notmuch, mail: Generated[], connections: number): Promise<Delivered> {
  const began = performance.now();
  let n = 0;
  await sideBySide(connections, mail, async () => {
    const folder = await open(join(inbox, "new"), "r");
    const send = async ({ raw }: Generated) => {
      const name = `${n++}.bench`;
      const file = await open(join(inbox, "tmp", name), "wx");
      await file.writeFile(raw);
      await file.sync();
      await file.close();
      await rename(join(inbox, "tmp", name), join(inbox, "new", name));
      await folder.sync();
    };
    return { send, close: () => void folder.close() };
  });
  const durable = (performance.now() - began) / 1000;
  await call("new", "--quiet");
  return { durable, searchable: (performance.now() - began) / 1000 };
}

async function connectReader(call: Notmuch): Promise<Reader> {
  const lines = (output: Buffer) => output.toString().split("\n").filter(Boolean);
  const newest = lines(await call("search", "--output=messages", "--limit=100", "tag:inbox"));
  const list = async (q: string) => {
    const answer = await call("search", `--limit=${PAGE}`, "--output=summary", "--format=json", q);
    return () => z.array(z.unknown()).parse(JSON.parse(answer.toString())).length;
  };
  return {
    total: Number(await call("count", "tag:inbox")),
    least: () => call("--version"),
    page: () => list("tag:inbox"),
    open: async (n) => void (await call("show", "--format=json", "--entire-thread=false", newest[n] ?? "")),
    search: list,
    count: async (q) => Number(await call("count", q)),
    mark: async (n, isRead) => void (await call("tag", isRead ? "-unread" : "+unread", "--", newest[n] ?? "")),
    close: async () => undefined,
  };
}
