/**
 * `npm run fuzz [seconds] [seed]`: mutated real messages through both doors, ten minutes without another number. After
 * each round what was taken must be in the mailbox, each exactly once, with the very bytes but for forged results; each is opened, with its
 * attachments; nothing may answer with a 5xx, and the runtime may not end. A seed makes a run that went wrong come again.
 */
import { mulberry32 } from "../bench/random.ts";
import { Changes } from "../contract/changes.ts";
import { Message } from "../contract/messages.ts";
import { eachField, isNamed } from "../mail/header-fields.ts";
import { corpus } from "../tests/support/corpus.ts";
import { call } from "../tests/support/service.ts";
import { ADDRESS, startFuzzedMesh } from "./fuzz/fuzzed-mesh.ts";
import { mutate, randomnessOf } from "./fuzz/mutate.ts";

const SECONDS = Number(process.argv[2] ?? 600);
const SEED = Number(process.argv[3] ?? Date.now() % 100_000);
const ROUND = 40;
/** What a message is told from all others by, whatever became of the rest of it. */
const MARK = "X-Fuzz";

const random = randomnessOf(mulberry32(SEED));
const sources = corpus();
const mesh = await startFuzzedMesh();
const end = performance.now() + SECONDS * 1000;
const counts = { sent: 0, refused: 0, taken: 0, opened: 0 };
const wrong: string[] = [];
let state = "";

console.log(`seed ${SEED}, ${SECONDS} s`);
state = (await changesSince("")).state;
for (let round = 0; performance.now() < end && wrong.length < 10; round++) await runRound(round);
await verify();
wrong.push(...mesh.complaints);
await mesh.stop();
console.log(JSON.stringify(counts));
console.log(wrong.length === 0 ? "nothing lost, nothing twice, no 5xx" : `WRONG\n${wrong.join("\n")}`);
process.exit(wrong.length === 0 ? 0 : 1);

async function runRound(round: number): Promise<void> {
  const taken = new Map<string, Buffer>();
  for (let n = 0; n < ROUND; n++) {
    const mark = `${SEED}-${round}-${n}`;
    const damaged = mutate(random.pick(sources).raw, random.pick(sources).raw, random);
    const raw = Buffer.concat([Buffer.from(`${MARK}: ${mark}\r\n`), damaged]);
    counts.sent++;
    const isBySmtp = n % 2 === 0;
    const status = isBySmtp ? await mesh.smtp(raw) : await mesh.email(raw);
    if (status === (isBySmtp ? 250 : 200)) taken.set(mark, raw);
    else if (status === (isBySmtp ? 554 : 422)) counts.refused++;
    else wrong.push(`${mark}: answered ${status}`);
  }
  counts.taken += taken.size;
  await lookThrough(taken);
}

/** What came into the mailbox in this round is what was taken, and nothing else. */
async function lookThrough(taken: Map<string, Buffer>): Promise<void> {
  const { state: now, created } = await changesSince(state);
  state = now;
  const missing = new Map(taken);
  for (const id of created) {
    const raw = await get(`/messages/${id}/raw`);
    const text = raw.toString("latin1");
    const begins = text.indexOf(`${MARK}: `);
    const mark = text.slice(begins + MARK.length + 2, text.indexOf("\r\n", begins));
    const sent = missing.get(mark);
    if (sent === undefined || !isSame(sent, raw.subarray(begins))) wrong.push(`${mark}: twice, or with other bytes`);
    missing.delete(mark);
    const opened = Message.parse(JSON.parse((await get(`/messages/${id}`)).toString()));
    for (const { n } of opened.attachments.slice(0, 5)) await get(`/messages/${id}/attachments/${n}`);
    counts.opened++;
  }
  for (const query of ["a", "has:attachment", "subject:re -from:zoe"])
    await get(`/search?q=${encodeURIComponent(query)}`);
  for (const mark of missing.keys()) wrong.push(`${mark}: taken and not there`);
}

/** Fields that pretend to be the mesh's own word are taken out (RFC 8601 §5): the rest is what came, to the byte. */
function isSame(sent: Buffer, stored: Buffer): boolean {
  return stored.equals(sent) || stripped(stored).equals(stripped(sent));
}

function stripped(raw: Buffer): Buffer {
  const kept: Buffer[] = [];
  const end = eachField(raw, (from, to) => {
    if (!isNamed(raw, from, "authentication-results")) kept.push(raw.subarray(from, to));
    return true;
  });
  return Buffer.concat([...kept, raw.subarray(end)]);
}

async function changesSince(since: string): Promise<{ state: string; created: string[] }> {
  const created: string[] = [];
  for (let at = since; ; ) {
    const changes = Changes.parse(JSON.parse((await get(`/changes${at === "" ? "" : `?since=${at}`}`)).toString()));
    created.push(...changes.message.created);
    at = changes.state;
    if (!changes.has_more) return { state: at, created };
  }
}

async function get(path: string): Promise<Buffer> {
  const { status, bytes } = await call(mesh, "GET", `/v1${path}`, { token: mesh.token });
  if (status !== 200) wrong.push(`GET ${path}: ${status} ${bytes.toString().slice(0, 300)}`);
  return bytes;
}

async function verify(): Promise<void> {
  for (let after: number | null = -1; after !== null; ) {
    const page: Awaited<ReturnType<typeof mesh.admin.verify>> = await mesh.admin.verify(ADDRESS, after);
    wrong.push(...page.problems.map(({ at, message }) => `verify ${at}: ${message}`));
    after = page.next;
  }
}
