/** What `npm run bench:phishing` runs inside the runtime: examination as at the door, and the mailbox's part in its object. */
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { drizzle } from "drizzle-orm/durable-sqlite";
import { inject, it } from "vitest";
import type { Authentication } from "../contract/authentication.ts";
import { UserId } from "../contract/ids.ts";
import { randomId } from "../contract/random-id.ts";
import type { Warning, WarningReason } from "../contract/warnings.ts";
import { rememberCorrespondents } from "../durable-objects/mailbox/correspondents.ts";
import { impersonationWarnings } from "../durable-objects/mailbox/impersonation.ts";
import type { Letter } from "../durable-objects/mailbox/letter.ts";
import type { Mailbox } from "../durable-objects/mailbox/mailbox-database.ts";
import { parseMessage } from "../mail/parse/parse-message.ts";
import * as tables from "../schema/mailbox/tables.ts";
import { examine } from "../workers/inbound/examine.ts";
import { contentOf } from "../workers/storage/read-content.ts";
import { phishingMails } from "./phishing-mails.ts";
import { OWNER, type Person } from "./phishing-pen.ts";
import { printTable } from "./table.ts";

const SEED = 20261128;
const OF_EACH = 25;

/** A mailbox that knows these people, and has sent one message. */
async function aMailbox(contacts: Person[]): Promise<(letter: Letter) => Promise<Warning[]>> {
  const user_id = UserId.parse(`u${randomId(16)}`);
  const stub = env.MAILBOX.getByName(user_id);
  await stub.create({ user_id, email: OWNER.email, name: OWNER.name, password: null });
  const inside = <T>(work: (box: Mailbox) => T) =>
    runInDurableObject(stub, (_, { storage }) =>
      work({ db: drizzle(storage, { schema: tables }), user_id, email: OWNER.email, name: OWNER.name, id_mask: 0 }),
    );
  await inside(({ db }) => {
    for (const person of contacts)
      rememberCorrespondents(db, [person.email], { to: [person], cc: [], bcc: [] }, Date.now());
  });
  const sent = await aLetter(
    new Uint8Array(Buffer.from(`From: ${OWNER.email}\r\nMessage-ID: <known@greenfield-works.com>\r\n\r\nHi`)),
    null,
  );
  await stub.deliver({ ...sent, delivered_to: [] });
  return (letter) => inside((box) => impersonationWarnings(box, letter));
}

async function aLetter(bytes: Uint8Array<ArrayBuffer>, sender: Authentication["sender"] | null): Promise<Letter> {
  const parsed = await parseMessage(bytes);
  const examination = await examine(env, bytes, parsed, { authentication: sender && verdict(sender) });
  return {
    ...{ content: contentOf(parsed), examination, delivered_to: [OWNER.email], return_path: "x@y.example" },
    ...{ raw_key: randomId(16), added_fields: "", size: bytes.length, received_at: Date.now() },
    ...{ fingerprint: randomId(16), repeat_window: 1 },
  };
}

const verdict = (sender: Authentication["sender"]): Authentication => ({
  ...{ by: "mx.test", sender, dkim: [], arc: null, override: null },
  spf: { result: "none", domain: null },
  dmarc: { result: sender === "verified" ? "pass" : "none", domain: null, policy: null },
});

const percent = (part: number, all: number) => (all === 0 ? "–" : `${((100 * part) / all).toFixed(1)} %`);

it("made for it", async () => {
  const { contacts, mails } = phishingMails(SEED, OF_EACH);
  const warn = await aMailbox(contacts);
  const byKind = new Map<string, { expected: WarningReason | null; all: number; right: number; other: Set<string> }>();
  const byReason = new Map<string, { right: number; wrong: number; missed: number }>();
  const reasonRow = (reason: string) => {
    const row = byReason.get(reason) ?? { right: 0, wrong: 0, missed: 0 };
    byReason.set(reason, row);
    return row;
  };
  for (const { kind, expected, raw, sender } of mails) {
    const letter = await aLetter(raw, sender);
    const reasons = new Set(
      [...(letter.examination?.warnings ?? []), ...(await warn(letter))].map(({ reason }) => reason),
    );
    const row = byKind.get(kind) ?? { expected, all: 0, right: 0, other: new Set() };
    byKind.set(kind, row);
    row.all++;
    if (expected === null ? reasons.size === 0 : reasons.has(expected)) row.right++;
    for (const reason of reasons) if (reason !== expected) row.other.add(reason);
    for (const reason of reasons) reasonRow(reason)[expected === null ? "wrong" : "right"]++;
    if (expected !== null && !reasons.has(expected)) reasonRow(expected).missed++;
  }
  console.log(`Generated, seed ${SEED}, ${OF_EACH} of each kind.`);
  printTable(
    ["kind", "should be told", "is right", "and was told"],
    [...byKind].map(([kind, { expected, all, right, other }]) => [
      kind,
      expected ?? "nothing",
      percent(right, all),
      [...other].join(", "),
    ]),
  );
  printTable(
    ["reason", "in deceiving mail", "missed", "in honest mail"],
    [...byReason].sort().map(([reason, { right, wrong, missed }]) => [reason, `${right}`, `${missed}`, `${wrong}`]),
  );
  const rows = [...byKind.values()];
  const sum = (of: typeof rows, what: "all" | "right") => of.reduce((total, row) => total + row[what], 0);
  const [bad, good] = [
    rows.filter(({ expected }) => expected !== null),
    rows.filter(({ expected }) => expected === null),
  ];
  console.log(
    `Deceiving mails with the right warning: ${sum(bad, "right")} of ${sum(bad, "all")} (${percent(sum(bad, "right"), sum(bad, "all"))}).`,
  );
  console.log(
    `Honest mails with a warning: ${sum(good, "all") - sum(good, "right")} of ${sum(good, "all")} (${percent(sum(good, "all") - sum(good, "right"), sum(good, "all"))}).`,
  );
});

/** In so many portions the corpus comes, to spare memory. */
const PORTIONS = 10;

it.each(["ham", "spam"])("the corpus: %s", async (kind) => {
  const counts = new Map<string, number>();
  const examples = new Map<string, string>();
  let [all, warned] = [0, 0];
  // The owner knows every second sender, as somebody who has written to them would.
  const warn = await aMailbox([]);
  const people: Person[] = [];
  const letters: Letter[] = [];
  for (let from = 0; from < PORTIONS; from++) {
    const url = `${inject("corpusUrl")}/?every=${PORTIONS}&from=${from}&kind=${kind}`;
    for (const raw of await (await fetch(url)).json<string[]>())
      letters.push(await aLetter(new Uint8Array(Buffer.from(raw, "base64")), null));
  }
  for (const { content } of letters) if (content.from?.email.includes("@")) people.push(content.from);
  const known = new Map(people.map((person) => [person.email.toLowerCase(), person]));
  const knowing = kind === "ham" ? await aMailbox([...known.values()].filter((_, n) => n % 2 === 0)) : warn;
  for (const letter of letters) {
    const warnings = [...(letter.examination?.warnings ?? []), ...(await knowing(letter))];
    all++;
    if (warnings.length > 0) warned++;
    for (const reason of new Set(warnings.map((warning) => warning.reason))) {
      counts.set(reason, (counts.get(reason) ?? 0) + 1);
      const list = letter.content.subject.slice(0, 40);
      if (!examples.has(reason))
        examples.set(reason, `${list}: ${warnings.find((it) => it.reason === reason)?.words ?? ""}`);
    }
  }
  console.log(
    `${kind} of the SpamAssassin corpus, 2002 and 2003, nobody authenticated: ${warned} of ${all} with a warning (${percent(warned, all)}).`,
  );
  printTable(
    ["reason", "messages", "for example"],
    [...counts].sort().map(([reason, count]) => [reason, `${count}`, (examples.get(reason) ?? "").slice(0, 120)]),
  );
});
