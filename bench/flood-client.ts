/**
 * A flood to one account, in a process of its own so that it does not stand in the way of what is measured: so many
 * connections, each with one message after the other and a domain of its own for each, as from many senders. Ends on
 * SIGTERM and prints how often it was answered what, as JSON.
 */
import { SmtpDialogue } from "../gateway/testing/smtp-dialogue.ts";

const [port, connections, recipient] = [Number(process.argv[2]), Number(process.argv[3]), process.argv[4] ?? ""];
const answers: Record<string, number> = {};
let isOver = false;

process.on("SIGTERM", () => {
  isOver = true;
  console.log(JSON.stringify(answers));
  process.exit(0);
});

await Promise.all(Array.from({ length: connections }, (_, n) => flood(n)));

async function flood(n: number): Promise<void> {
  const client = await SmtpDialogue.open(port);
  await client.say("EHLO flood.example");
  for (let sent = 0; !isOver; sent++) {
    const reply = await hand(client, `x@d${n}-${sent}.example`);
    const codes = reply.startsWith("250") ? "250" : reply.split(" ").slice(0, 2).join(" ");
    answers[codes] = (answers[codes] ?? 0) + 1;
  }
}

async function hand(client: SmtpDialogue, from: string): Promise<string> {
  for (const command of [`MAIL FROM:<${from}>`, `RCPT TO:<${recipient}>`, "DATA"]) {
    const reply = await client.say(command);
    if (/^[45]/.test(reply)) {
      await client.say("RSET");
      return reply;
    }
  }
  const id = `Message-ID: <${crypto.randomUUID()}@flood.example>`;
  client.write(`From: ${from}\r\nSubject: flood\r\n${id}\r\n\r\n${"Buy now. ".repeat(200)}\r\n.\r\n`);
  return client.reply();
}
