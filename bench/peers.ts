/**
 * `npm run bench:peers [messages]`: Mailmesh as `npm start` runs it, beside notmuch and Dovecot on the same generated
 * messages (10,000 by default), one after the other in the same run on the same machine. A peer that is not installed is
 * named and left out; nothing is installed here. Debian has them:
 * `apt-get install --no-install-recommends notmuch dovecot-imapd dovecot-lmtpd dovecot-fts-xapian`.
 */
import { availableParallelism, cpus, loadavg } from "node:os";
import { generate } from "./generate.ts";
import { behind, comparison, foundBy, type Measured } from "./peers/comparison.ts";
import { dovecot } from "./peers/dovecot.ts";
import { missingPackages } from "./peers/dovecot-instance.ts";
import { DELIVERIES, figuresOf } from "./peers/figures.ts";
import { mailmesh } from "./peers/mailmesh.ts";
import { notmuch } from "./peers/notmuch.ts";
import { ask } from "./peers/programs.ts";
import type { System } from "./peers/system.ts";
import { printTable } from "./table.ts";

const COUNT = Number(process.argv[2] ?? 10_000);
if (!Number.isInteger(COUNT) || COUNT < 200) throw new Error("at least 200 messages");

let running: System | undefined;
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, async () => {
    await running?.stop();
    process.exit(1);
  });
}

const mail = [...generate(COUNT)];
const bytes = mail.reduce((sum, { raw }) => sum + raw.length, 0);
const today = new Date().toISOString().slice(0, 10);
console.log(`${today}, ${availableParallelism()} cores (${cpus()[0]?.model}), clients on the same machine`);
console.log(`${COUNT} generated messages of ${(bytes / COUNT / 1000).toFixed(1)} kB in the mean\n`);

const ours = await measure(mailmesh);
const peers: Measured[] = [];
const missing = { notmuch: ask("notmuch", "--version") === null ? ["notmuch"] : [], dovecot: missingPackages() };
for (const [name, packages] of Object.entries(missing)) {
  if (packages.length > 0) console.log(`${name} is left out: not installed (${packages.join(", ")})\n`);
  else peers.push(await measure(name === "notmuch" ? notmuch : dovecot));
}

console.log(`Delivery over ${DELIVERIES} connections. Times in ms, p50 / p95 of 100, or of what took 20 s.\n`);
const { head, rows } = comparison(ours, peers);
printTable(head, rows);
console.log();
const found = foundBy([ours, ...peers]);
printTable(found.head, found.rows);
for (const peer of peers) {
  const list = behind(ours, peer);
  console.log(`\nMailmesh is behind ${peer.name} in: ${list.length === 0 ? "nothing of this" : list.join("; ")}.`);
}
process.exit(0);

async function measure(start: () => Promise<System>): Promise<Measured> {
  const load = loadavg()[0]?.toFixed(1);
  running = await start();
  try {
    console.log([...running.about, `load of the machine before: ${load}`].join("\n").concat("\n"));
    return { name: running.name, figures: await figuresOf(running, mail) };
  } finally {
    await running.stop();
  }
}
