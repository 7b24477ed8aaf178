/**
 * `npm run bench:web [messages] [folder]`: what somebody at the browser client waits for, in Debian's Chromium on the whole
 * service, beside the numbers of the design. 100,000 messages, unless told otherwise, are imported before, which takes ten
 * minutes; a folder keeps them for the next run. `bench/web/marks.ts` says what each mark is.
 */
import { existsSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { launchChromium } from "../tests/system/chromium.ts";
import { median, percentile } from "./measure.ts";
import { fill } from "./web/fill.ts";
import { simulatedHour } from "./web/hour.ts";
import { mailmesh } from "./web/mailmesh.ts";
import { scriptsOf, scrollThrough, timeOf, timeToInbox, until } from "./web/marks.ts";
import type { Webmail } from "./web/webmail.ts";

const MESSAGES = Number(process.argv[2] ?? 100_000);
const LOADS = 7;
const OPENED = 30;
const ARCHIVED = 30;
const ROWS = 10_000;
/** 5,760 pixels or 80 rows a second: as fast as anybody can still tell that these are messages. */
const PIXELS_A_FRAME = 96;

const given = process.argv[3];
const state = given === undefined ? await mkdtemp(join(tmpdir(), "mailmesh-")) : resolve(given);
if (given === undefined || !existsSync(state)) await fill(state, MESSAGES);

const webmail = await mailmesh(state);
const browser = await launchChromium();
try {
  console.log(
    `Chromium ${browser.version()}, node ${process.version}, ${availableParallelism()} cores for browser and service\n`,
  );
  await measure(browser, webmail);
  await simulatedHour(browser, webmail);
} finally {
  await browser.close();
  await webmail.close();
}

async function measure(browser: Browser, webmail: Webmail): Promise<void> {
  const cold = await inFreshProfiles(browser, webmail, LOADS, timeToInbox);
  const context = await webmail.newProfile(browser);
  await printScripts(context, webmail);
  print("inbox, cold", cold, 1000);
  await timeToInbox(context, webmail);
  const warm: number[] = [];
  for (let n = 0; n < LOADS; n++) warm.push(await timeToInbox(context, webmail));
  print("inbox, warm", warm, 300);

  const page = await context.newPage();
  await page.goto(webmail.url);
  await until(page, webmail.isListed);
  await page.waitForTimeout(2000);
  const opened: number[] = [];
  for (let n = 0; n < OPENED; n++) {
    opened.push(await timeOf(page, () => webmail.open(page, n % 8), webmail.isOpened));
    await page.waitForTimeout(150);
    // Those that were not opened before come into view.
    if (n % 8 === 7) await page.evaluate(`${webmail.scroller}.scrollBy(0, 8 * 72)`);
  }
  print("open a message", opened, 100);

  const archived: number[] = [];
  for (let n = 0; n < ARCHIVED; n++) {
    const before = await page.evaluate<string>(webmail.listed);
    await webmail.open(page, 1);
    await until(page, webmail.isOpened);
    await page.waitForTimeout(100);
    archived.push(await timeOf(page, () => webmail.archive(page), `${webmail.listed} !== ${JSON.stringify(before)}`));
    await page.waitForTimeout(100);
  }
  print("archive, to the next paint", archived, 50);
  await printScroll(context, page, webmail);
  await context.close();
}

async function inFreshProfiles(
  browser: Browser,
  webmail: Webmail,
  times: number,
  mark: (context: BrowserContext, webmail: Webmail) => Promise<number>,
): Promise<number[]> {
  const marks: number[] = [];
  for (let n = 0; n < times; n++) {
    const context = await webmail.newProfile(browser);
    marks.push(await mark(context, webmail));
    await context.close();
  }
  return marks;
}

async function printScripts(context: BrowserContext, webmail: Webmail): Promise<void> {
  const scripts = await scriptsOf(context, webmail);
  const kilobytes = scripts.reduce((sum, bytes) => sum + gzipSync(bytes, { level: 9 }).length, 0) / 1000;
  line("scripts until the inbox is shown, gzip", `${kilobytes.toFixed(1)} kB`, versus(kilobytes, 250));
}

/** Beside a list of as many plain lines in an empty page: what of it is the machine's. */
async function printScroll(context: BrowserContext, page: Page, webmail: Webmail): Promise<void> {
  const plain = await context.newPage();
  await plain.setContent(
    `<div id="s" style="height: 700px; overflow: auto">${"<p>A line of text.</p>".repeat(ROWS)}</div>`,
  );
  const nothing = { ...webmail, scroller: "document.querySelector('#s')", rowsSoFar: "scroller.scrollTop / 34" };
  const baseline = await scrollThrough(plain, nothing, ROWS * 0.97, PIXELS_A_FRAME / 2);
  await plain.close();
  await page.bringToFront();
  const scrolled = await scrollThrough(page, webmail, ROWS, PIXELS_A_FRAME);
  for (const [name, { rows, frames, waited }] of Object.entries({
    "plain lines": baseline,
    [webmail.name]: scrolled,
  })) {
    const slow = frames.filter((took) => took > 50).length;
    const numbers = [median(frames), percentile(frames, 0.99), Math.max(...frames)]
      .map((ms) => ms.toFixed(0))
      .join(" / ");
    line(
      `scroll, ${name}`,
      `${Math.round(rows)} rows, frames of ${numbers} ms (p50 / p99 / most), ${slow} of ${frames.length} over 50 ms, ${waited} waited for rows`,
      name === webmail.name ? (slow === 0 ? "(reached)" : "(MISSED)") : "",
    );
  }
}

function print(name: string, samples: number[], target: number): void {
  const p50 = median(samples);
  line(
    name,
    `p50 ${p50.toFixed(0)} ms, p95 ${percentile(samples, 0.95).toFixed(0)} ms of ${samples.length}`,
    versus(p50, target),
  );
}

function line(name: string, value: string, verdict: string): void {
  console.log(`${name.padEnd(40)} ${value}  ${verdict}`);
}

function versus(value: number, most: number): string {
  return `(at most ${most}: ${value <= most ? "reached" : "MISSED"}, ${(most / value).toFixed(2)} ×)`;
}
