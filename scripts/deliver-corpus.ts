/**
 * `npm run corpus [count]`: sends every message of the corpus over SMTP to a service started for it, and then looks at
 * each through the API: is every distinct one there exactly once, do the very bytes come back, does it open, is it
 * found by a word of its subject? Prints the counts and ends with 1 if anything is wrong.
 */
import { createHash } from "node:crypto";
import type { z } from "zod";
import { Message, MessagePage, type MessageSummary } from "../contract/messages.ts";
import { SearchPage } from "../contract/search.ts";
import { SmtpDialogue, stuffed } from "../gateway/testing/smtp-dialogue.ts";
import { corpus, withoutTrace } from "../tests/support/corpus.ts";
import { call, folderOf, logIn, startService } from "../tests/support/service.ts";

const CONNECTIONS = 4;
const sha256 = (bytes: Buffer | string) => createHash("sha256").update(bytes).digest("hex");

const messages = corpus().slice(0, Number(process.argv[2] ?? Infinity));
const service = await startService({ env: { RECEIVE_LIMITS: "off" } });
const { token } = await logIn(service, "alice@mesh.test");
const wrong: string[] = [];
const expect = (holds: boolean, what: string) => {
  if (!holds) wrong.push(what);
};

const began = performance.now();
await inParallel(messages, async (client, { name, raw }) => {
  // Byte for byte: nodemailer makes CRLF of the bare CRs that eight of them have.
  await client.data("corpus@sender.example", "alice@mesh.test");
  client.write(Buffer.concat([stuffed(raw), Buffer.from(".\r\n")]));
  const reply = await client.reply();
  expect(reply.startsWith("250"), `${name}: ${reply}`);
});
const seconds = (performance.now() - began) / 1000;

const inbox = await folderOf(service, token, "inbox");
const stored = await listAll(inbox.id);
const sent = new Set(messages.map(({ raw }) => sha256(raw)));
const distinct = new Set(messages.map(({ raw }) => sha256(withoutTrace(raw))));
const found = new Map<string, number>();
let exact = 0;
let opened = 0;
for (const { id } of stored) {
  const raw = (await call(service, "GET", `/v1/messages/${id}/raw`, { token })).bytes;
  const bytes = afterTrace(raw);
  if (sent.has(sha256(bytes))) exact++;
  else wrong.push(`${id}: other bytes than were sent`);
  const identity = sha256(withoutTrace(bytes));
  found.set(identity, (found.get(identity) ?? 0) + 1);
  const answer = await call(service, "GET", `/v1/messages/${id}`, { token });
  if (answer.status === 200 && answer.json(Message).parse_note === null) opened++;
  else expect(answer.status === 200, `${id}: opening answers ${answer.status}`);
}
expect(found.size === distinct.size, `${found.size} distinct messages stored, ${distinct.size} sent`);
expect(stored.length === distinct.size, `${stored.length} rows for ${distinct.size} distinct messages`);
expect(inbox.total === stored.length, `the folder counts ${inbox.total}, its list has ${stored.length}`);

const searched = await searchEach(stored);
await service.stop();

console.log(
  `sent over SMTP, ${CONNECTIONS} connections   ${messages.length} in ${seconds.toFixed(1)} s (${(messages.length / seconds).toFixed(0)}/s)`,
);
console.log(`distinct by their bytes          ${distinct.size}`);
console.log(`in the mailbox                   ${stored.length}`);
console.log(`exact bytes given back           ${exact}`);
console.log(`opened and parsed                ${opened}`);
console.log(
  `found by a word of the subject   ${searched.found} of ${searched.tried} (${stored.length - searched.tried} have none)`,
);
for (const line of wrong.slice(0, 20)) console.log(`WRONG ${line}`);
console.log(wrong.length === 0 ? "all right" : `${wrong.length} wrong`);
process.exit(wrong.length === 0 ? 0 : 1);

async function inParallel<T>(all: T[], work: (client: SmtpDialogue, one: T) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async () => {
    const client = await SmtpDialogue.open(service.smtp);
    for (let one = all[next++]; one !== undefined; one = all[next++]) await work(client, one);
    client.end();
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, worker));
}

async function listAll(folderId: string): Promise<MessageSummary[]> {
  const all: MessageSummary[] = [];
  let cursor: string | null = "";
  while (cursor !== null) {
    const query: string = cursor === "" ? "" : `&cursor=${cursor}`;
    const page: z.infer<typeof MessagePage> = (
      await call(service, "GET", `/v1/folders/${folderId}/messages?limit=100${query}`, { token })
    ).json(MessagePage);
    all.push(...page.messages);
    cursor = page.next_cursor;
  }
  return all;
}

/** Return-Path and Received, up to its date, are ours; what follows is what was sent, whatever it begins with. */
function afterTrace(raw: Buffer): Buffer {
  const [own] = /^Return-Path: .*\r\nReceived: [^;]*;\r\n\t.* \+0000\r\n/.exec(raw.toString("latin1")) ?? [""];
  return raw.subarray(own.length);
}

/** Each message by the rarest word of its subject, so that the page that should have it is short. */
async function searchEach(all: MessageSummary[]): Promise<{ tried: number; found: number }> {
  const wordsOf = (subject: string) => subject.toLowerCase().match(/[\p{L}\p{N}\p{M}]{2,}/gu) ?? [];
  const frequency = new Map<string, number>();
  for (const { subject } of all)
    for (const word of new Set(wordsOf(subject))) frequency.set(word, (frequency.get(word) ?? 0) + 1);
  let tried = 0;
  let found = 0;
  for (const { id, subject } of all) {
    const [word] = wordsOf(subject).sort((a, b) => (frequency.get(a) ?? 0) - (frequency.get(b) ?? 0));
    if (word === undefined) continue;
    tried++;
    if (await isFound(id, word)) found++;
    else wrong.push(`${id}: not found by ${word} of «${subject}»`);
  }
  return { tried, found };
}

async function isFound(id: string, word: string): Promise<boolean> {
  for (let cursor: string | null = ""; cursor !== null; ) {
    const query = new URLSearchParams({ q: `subject:${word}`, limit: "100", ...(cursor === "" ? {} : { cursor }) });
    const page: z.infer<typeof SearchPage> = (await call(service, "GET", `/v1/search?${query}`, { token })).json(
      SearchPage,
    );
    if (page.messages.some((message) => message.id === id)) return true;
    cursor = page.next_cursor;
  }
  return false;
}
