/** Bytes stored of an attachment that several people have: what came, what whole messages would take, what is there. */
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { it } from "vitest";
import { sha256Hex } from "../mail/fingerprint.ts";
import { type Account, aDomain, anAccount, ingest } from "../tests/workers/mesh.ts";
import { aFile, letterWith } from "../tests/workers/split-letters.ts";

const ACCOUNTS = 50;
const ZOE = "zoe@far.example";

interface Case {
  name: string;
  /** Hands the file in and returns the messages, one for each account that got it. */
  send(accounts: Account[], file: Uint8Array): Promise<Uint8Array<ArrayBuffer>[]>;
}

const CASES: Case[] = [
  {
    name: "one message to all",
    async send(accounts, file) {
      const raw = letterWith([file]);
      const recipients = accounts.map(({ email }) => email);
      await ingest(ZOE, recipients, raw);
      return accounts.map(() => raw);
    },
  },
  {
    name: "a message for each, by two mailers",
    async send(accounts, file) {
      const letters = accounts.map(({ email }, n) => letterWith([file], { subject: email, width: n % 2 ? 76 : 72 }));
      for (const [n, raw] of letters.entries()) await ingest(ZOE, accounts[n]?.email ?? "", raw);
      return letters;
    },
  },
  {
    name: "one message to one",
    async send([account], file) {
      const raw = letterWith([file]);
      await ingest(ZOE, account?.email ?? "", raw);
      return [raw];
    },
  },
];

it("counts stored bytes", async () => {
  const accounts: Account[] = [];
  const domain = await aDomain();
  for (let n = 0; n < ACCOUNTS; n++) accounts.push(await anAccount(domain, `a${n}`));
  console.log(`stored bytes, kB: an attachment to ${ACCOUNTS} accounts`);
  row("", "", ["came", "each whole", "0007", "now", "Blob tables"]);
  for (const size of [5_000_000, 500_000, 70_000, 20_000]) {
    for (const { name, send } of CASES) {
      const before = await bucketBytes();
      const file = aFile(size);
      const messages = await send(accounts, file);
      const came = sum(messages);
      // Large messages once for each content, small ones for each mailbox.
      const unique = [...new Set(messages)].filter(({ byteLength }) => byteLength >= 128 * 1024);
      const small = messages.filter(({ byteLength }) => byteLength < 128 * 1024);
      const now = (await bucketBytes()) - before;
      const numbers = [sum([...new Set(messages)]), came, sum(unique) + sum(small), now, await tableBytes(file)];
      row(
        `${size / 1000} kB`,
        name,
        numbers.map((bytes) => (bytes / 1000).toFixed(0)),
      );
    }
  }
});

const sum = (all: Uint8Array[]): number => all.reduce((total, { byteLength }) => total + byteLength, 0);

async function bucketBytes(): Promise<number> {
  let bytes = 0;
  for (let cursor: string | undefined; ; ) {
    const page = await env.MAIL.list(cursor === undefined ? {} : { cursor });
    for (const { size } of page.objects) bytes += size;
    if (!page.truncated) return bytes;
    cursor = page.cursor;
  }
}

/** What a file's Blob takes in SQLite: where it is shared, and with a reference for each account. */
async function tableBytes(file: Uint8Array<ArrayBuffer>): Promise<number> {
  const blob = env.BLOB.getByName(await sha256Hex(file));
  if ((await blob.references()) === 0) return 0;
  return runInDurableObject(blob, (_object, { storage }) => storage.sql.databaseSize);
}

const row = (size: string, name: string, cells: string[]) =>
  console.log(`${size.padEnd(8)} ${name.padEnd(34)} ${cells.map((cell) => cell.padStart(12)).join("")}`);
