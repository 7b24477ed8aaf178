/**
 * `npm run bench:web [messages] [folder]`: what somebody at the browser client waits for, in Debian's Chromium on the whole
 * service, beside the numbers of the design and, in the same run on the same mail, Roundcube. 100,000 messages, unless told
 * otherwise, are imported before, which takes ten minutes; a folder keeps them for the next run, with one beside it for Dovecot. `bench/web/marks.ts` says
 * what each mark is. Roundcube is left out where it is not installed; nothing is installed here. Debian has it:
 * `apt-get install --no-install-recommends roundcube-core roundcube-sqlite3 roundcube-plugins libapache2-mod-php
 * dovecot-imapd dovecot-lmtpd`.
 */
import { existsSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { availableParallelism, loadavg, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Browser } from "playwright-core";
import { launchChromium } from "../tests/system/chromium.ts";
import { comparison, type Measured } from "./peers/comparison.ts";
import { scratchFolder } from "./peers/programs.ts";
import { printTable } from "./table.ts";
import { figuresOf, REACH } from "./web/figures.ts";
import { writeMbox } from "./web/fill.ts";
import { simulatedHour } from "./web/hour.ts";
import { liveFigures } from "./web/live.ts";
import { fillMailmesh, mailmesh } from "./web/mailmesh.ts";
import { fillDovecot, roundcube } from "./web/roundcube.ts";
import { missingPackages } from "./web/roundcube-instance.ts";
import type { Webmail } from "./web/webmail.ts";

const MESSAGES = Number(process.argv[2] ?? 100_000);
const given = process.argv[3];
const state = given === undefined ? await mkdtemp(join(tmpdir(), "mailmesh-")) : resolve(given);
/** Of Dovecot's users. Beside the folder, which nobody but its owner may look into: root's Dovecot serves as somebody else. */
const homes = `${state}.dovecot`;
/** Servers that were started end with this process. */
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));

const missing = missingPackages();
await fillWhatIsEmpty();
const browser = await launchChromium();
try {
  console.log(
    `Chromium ${browser.version()} of ${availableParallelism()} cores, which it shares with the service; ${MESSAGES} messages\n`,
  );
  await compare(browser);
  const again = await mailmesh(state);
  await simulatedHour(browser, again);
  await again.close();
} finally {
  await browser.close();
}

async function fillWhatIsEmpty(): Promise<void> {
  const lacking = [
    ...(existsSync(join(state, "mesh")) ? [] : [(mbox: string) => fillMailmesh(state, mbox)]),
    ...(missing.length > 0 || existsSync(homes) ? [] : [(mbox: string) => fillDovecot(homes, mbox)]),
  ];
  if (lacking.length === 0) return;
  const scratch = scratchFolder("bench-web");
  const mbox = await writeMbox(scratch.folder, MESSAGES);
  for (const fill of lacking) await fill(mbox);
  scratch.remove();
}

async function compare(browser: Browser): Promise<void> {
  const ours = await measure(browser, await mailmesh(state), liveFigures);
  const peers: Measured[] = [];
  if (missing.length > 0) console.log(`Roundcube is left out: not installed (${missing.join(", ")})\n`);
  else {
    try {
      peers.push(await measure(browser, await roundcube(homes)));
    } catch (error) {
      console.log(`Roundcube could not be measured: ${error}\n`);
    }
  }
  const { head, rows } = comparison(ours, peers);
  console.log("Times in ms, p50 / p95.\n");
  printTable(
    [...head, "at most"],
    rows.map((row) => [...row, verdict(ours, row[0] ?? "")]),
  );
  console.log();
}

async function measure<W extends Webmail>(
  browser: Browser,
  webmail: W,
  others?: (browser: Browser, webmail: W) => Promise<Measured["figures"]>,
): Promise<Measured> {
  const load = loadavg()[0]?.toFixed(1);
  try {
    console.log([...webmail.about, `load of the machine before: ${load}`].join("\n").concat("\n"));
    const figures = await figuresOf(browser, webmail);
    return { name: webmail.name, figures: new Map([...figures, ...((await others?.(browser, webmail)) ?? [])]) };
  } finally {
    await webmail.close();
  }
}

/** What the design wants of it, and whether that is so. */
function verdict({ figures }: Measured, row: string): string {
  const [most, figure] = [REACH[row], figures.get(row)];
  if (most === undefined || figure === undefined) return "";
  return `${most}: ${figure.value <= most ? "reached" : "MISSED"}`;
}
