/**
 * `npm run crash:outbox [submissions] [seed]`: hands messages in over the API while the whole process tree gets SIGKILL
 * at random moments and is started again. A request that was not answered is made again with its Idempotency-Key. The
 * relay lives on and counts what it took. At the end every message must have arrived, and twice only where its
 * submission says that it was handed over and no answer came (docs/sending.md). Prints the counts; ends with 1 if not.
 */
import { mulberry32 } from "../bench/random.ts";
import { Sent } from "../contract/messages.ts";
import { Submission } from "../contract/submissions.ts";
import { startRelay } from "../tests/support/relay.ts";
import { call, logIn, type Service, startService } from "../tests/support/service.ts";
import { killTree } from "./kill-tree.ts";

const COUNT = Number(process.argv[2] ?? 1000);
const SEED = Number(process.argv[3] ?? Date.now() % 100_000);
const KILLS = 8;
const CALLERS = 8;
/** A consumer that was killed holds its lease for a minute and a half. */
const DRAIN_SECONDS = 300;
const random = mulberry32(SEED);

const relay = await startRelay();
const env = {
  RELAY_URL: `smtp://127.0.0.1:${relay.port}`,
  RETRY_DELAYS_SECONDS: "1",
  UNCERTAIN_DELAY_SECONDS: "2",
};
let service: Service = await startService({ env });
/** Two accounts in turn: one may send a thousand a minute. */
const tokens = await Promise.all(
  ["alice", "bob"].map(async (name) => (await logIn(service, `${name}@mesh.test`)).token),
);
const waiting = Array.from({ length: COUNT }, (_, n) => n);
const accepted = new Map<number, Sent>();
let [kills, repeated] = [0, 0];

await Promise.all([...Array.from({ length: CALLERS }, handIn), killAgainAndAgain()]);
const submissions = await drain();
await service.stop();
await relay.close();
process.exit(judge(submissions) ? 0 : 1);

function tokenOf(n: number): string {
  return tokens[n % tokens.length] ?? "";
}

/** One caller's share: takes the next message, and puts it back when it was not answered. */
async function handIn(): Promise<void> {
  while (accepted.size < COUNT) {
    const n = waiting.shift();
    if (n === undefined) {
      await sleep(20);
      continue;
    }
    const body = { to: [{ email: "zoe@far.example" }], subject: `number ${n}`, body: "Once.", undo_seconds: 0 };
    const headers = { "idempotency-key": `${SEED}.${n}` };
    try {
      const answer = await call(service, "POST", "/v1/messages", { token: tokenOf(n), body, headers });
      if (answer.status !== 202) throw new Error(`${answer.status} ${answer.bytes}`);
      accepted.set(n, answer.json(Sent));
    } catch (error) {
      // Whatever it was, the caller knows no answer: it asks again.
      if (repeated++ > 50 * COUNT) throw error;
      waiting.push(n);
      await sleep(50);
    }
  }
}

/** Killed while mail comes in, and while what is there leaves. */
async function killAgainAndAgain(): Promise<void> {
  for (; kills < KILLS; kills++) {
    const next = Math.min(accepted.size + Math.floor((random() * 2 * COUNT) / KILLS), COUNT);
    while (accepted.size < next) await sleep(1);
    await sleep(random() * 500);
    killTree(service.process.pid ?? 0);
    service = await startService({ after: service, env });
  }
}

/** Every submission, once nothing of it is to be done any more. */
async function drain(): Promise<Map<number, Submission>> {
  const done = new Map<number, Submission>();
  for (const end = Date.now() + DRAIN_SECONDS * 1000; done.size < COUNT && Date.now() < end; await sleep(1000)) {
    for (const [n, { submission_id }] of accepted) {
      if (done.has(n)) continue;
      const answer = await call(service, "GET", `/v1/submissions/${submission_id}`, { token: tokenOf(n) });
      const submission = answer.json(Submission);
      if (submission.next_attempt_at === null) done.set(n, submission);
    }
  }
  return done;
}

function judge(submissions: Map<number, Submission>): boolean {
  const copies = new Map<number, number>();
  for (const { raw } of relay.taken) {
    const n = Number(/^Subject: number (\d+)\r$/m.exec(raw.toString("latin1"))?.[1] ?? -1);
    copies.set(n, (copies.get(n) ?? 0) + 1);
  }
  const all = Array.from({ length: COUNT }, (_, n) => n);
  const lost = all.filter((n) => !copies.has(n));
  const unsettled = all.filter((n) => submissions.get(n)?.state !== "sent");
  const twice = [...copies].filter(([, count]) => count > 1).map(([n]) => n);
  const uncertain = all.filter((n) => (submissions.get(n)?.recipients[0]?.uncertain_attempts ?? 0) > 0);
  const unexplained = twice.filter((n) => !uncertain.includes(n));
  console.log(`seed ${SEED}: ${COUNT} submissions, ${kills} times SIGKILL, ${repeated} requests made again`);
  console.log(`arrived ${copies.size}, lost ${lost.length}, without an end ${unsettled.length}`);
  console.log(
    `handed over without an answer ${uncertain.length}, of which twice ${twice.length - unexplained.length}; twice without that ${unexplained.length}`,
  );
  const isRight = copies.size === COUNT && unsettled.length === 0 && unexplained.length === 0;
  console.log(isRight ? "none lost, none twice but in the one moment" : `WRONG ${lost} ${unsettled} ${unexplained}`);
  return isRight;
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
