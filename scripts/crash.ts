/**
 * `npm run crash [messages] [seed]`: sends messages over 4 SMTP connections while the whole process tree gets SIGKILL
 * at random moments and is started again. The sender keeps what was not acknowledged and sends it again, as an MTA
 * does. At the end every message must be in the mailbox exactly once. Prints the counts; ends with 1 if one is not.
 */
import { mulberry32 } from "../bench/random.ts";
import { MessagePage } from "../contract/messages.ts";
import { call, folderOf, logIn, type Service, startService } from "../tests/support/service.ts";
import { connectSmtp, type SmtpClient } from "../tests/support/smtp-client.ts";
import { killTree } from "./kill-tree.ts";

const COUNT = Number(process.argv[2] ?? 1000);
const SEED = Number(process.argv[3] ?? Date.now() % 100_000);
const KILLS = 8;
const CONNECTIONS = 4;
const random = mulberry32(SEED);

let service: Service = await startService({ env: { RECEIVE_LIMITS: "off" } });
let kills = 0;
let resent = 0;
const waiting = Array.from({ length: COUNT }, (_, n) => n);
let acknowledged = 0;

const senders = Array.from({ length: CONNECTIONS }, sendAll);
const killer = killAgainAndAgain();
await Promise.all([...senders, killer]);

const { token } = await logIn(service, "alice@mesh.test");
const copies = await countCopies();
const lost = Array.from({ length: COUNT }, (_, n) => n).filter((n) => !copies.has(n));
const twice = [...copies].filter(([, count]) => count > 1);
await service.stop();
console.log(`seed ${SEED}: ${COUNT} messages, ${kills} times SIGKILL, ${resent} sent again`);
console.log(`acknowledged ${acknowledged}, in the mailbox ${copies.size}, lost ${lost.length}, twice ${twice.length}`);
const isRight = lost.length === 0 && twice.length === 0 && copies.size === COUNT;
console.log(isRight ? "every message exactly once" : `WRONG lost ${lost} twice ${twice.map(([n]) => n)}`);
process.exit(isRight ? 0 : 1);

/** One connection's share: takes the next message, and puts it back when it was not acknowledged. */
async function sendAll(): Promise<void> {
  let client: SmtpClient | null = null;
  while (acknowledged < COUNT) {
    const n = waiting.shift();
    if (n === undefined) {
      await sleep(20);
      continue;
    }
    try {
      client ??= await connectSmtp(service.smtp);
      await client.send("sender@far.example", ["alice@mesh.test"], letter(n));
      acknowledged++;
    } catch {
      // Any failure means the same to a sender: not acknowledged, so still ours to send.
      client = null;
      resent++;
      waiting.push(n);
      await sleep(50);
    }
  }
  client?.close();
}

async function killAgainAndAgain(): Promise<void> {
  while (acknowledged < COUNT && kills < KILLS) {
    // At random moments that follow the work, so that a slow machine is killed as often as a fast one.
    const next = acknowledged + Math.floor((random() * 2 * COUNT) / KILLS);
    while (acknowledged < Math.min(next, COUNT - 1)) await sleep(1);
    await sleep(random() * 20);
    killTree(service.process.pid ?? 0);
    kills++;
    service = await startService({ after: service, env: { RECEIVE_LIMITS: "off" } });
  }
}

async function countCopies(): Promise<Map<number, number>> {
  const inbox = await folderOf(service, token, "inbox");
  const counts = new Map<number, number>();
  for (let cursor: string | null = ""; cursor !== null; ) {
    const query: string = cursor === "" ? "" : `&cursor=${cursor}`;
    const answer = await call(service, "GET", `/v1/folders/${inbox.id}/messages?limit=100${query}`, { token });
    const page: ReturnType<typeof MessagePage.parse> = answer.json(MessagePage);
    for (const { subject } of page.messages) {
      const n = Number(/^number (\d+)$/.exec(subject)?.[1] ?? -1);
      counts.set(n, (counts.get(n) ?? 0) + 1);
    }
    cursor = page.next_cursor;
  }
  return counts;
}

function letter(n: number): Buffer {
  const body = `This is message number ${n}.\r\n`.repeat(1 + (n % 50));
  return Buffer.from(
    `From: Sender <sender@far.example>\r\nTo: alice@mesh.test\r\nSubject: number ${n}\r\n` +
      `Message-ID: <${SEED}.${n}@far.example>\r\nDate: Tue, 24 Nov 2026 03:00:00 +0000\r\n\r\n${body}`,
  );
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
