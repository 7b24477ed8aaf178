/** The figures of one webmail: the same is done in each, by the same clock in the same browser. */
import { gzipSync } from "node:zlib";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { median, percentile } from "../measure.ts";
import type { Figure, Figures } from "../peers/figures.ts";
import { type Scrolled, scriptsOf, scrollThrough, timeOf, timeToInbox, timeToOpen, until } from "./marks.ts";
import type { Webmail } from "./webmail.ts";

const LOADS = 7;
const OPENED = 30;
const ARCHIVED = 30;
/** Roundcube does not hear one now and then, while it fills up its list. */
const MOST_UNHEARD = 5;
const ROWS = 10_000;
/** 5,760 pixels or 80 rows a second: as fast as anybody can still tell that these are messages. */
const PIXELS_A_FRAME = 96;
/** Between one message and the next: Roundcube takes what comes faster for somebody who only passes by, and waits. */
const PAUSE_MS = 500;
/** Fewer than are in view. */
const ROWS_IN_VIEW = 8;

/** What the design wants at most, by the name of the row. */
export const REACH: Record<string, number> = {
  "scripts until the inbox is shown, gzip": 250,
  "inbox, nothing kept in the browser": 1000,
  "inbox, the next time": 300,
  "open a message": 100,
  "archive, to the next paint": 50,
  "scroll: frames over 50 ms": 0,
  "new mail, from its 250 to its row": 1000,
  "a star, from one browser to the other": 1000,
};

export async function figuresOf(browser: Browser, webmail: Webmail): Promise<Figures> {
  const cold: number[] = [];
  for (let n = 0; n < LOADS; n++) {
    const context = await webmail.newProfile(browser);
    cold.push(await timeToInbox(context, webmail));
    await context.close();
  }
  const context = await webmail.newProfile(browser);
  const scripts = await weightOfScripts(context, webmail);
  await timeToInbox(context, webmail);
  const warm: number[] = [];
  for (let n = 0; n < LOADS; n++) warm.push(await timeToInbox(context, webmail));

  const page = await context.newPage();
  await page.goto(webmail.url);
  await until(page, webmail.isListed);
  await page.waitForTimeout(2000);
  const figures: [string, Figure][] = [
    ["scripts until the inbox is shown, gzip", scripts],
    ["inbox, nothing kept in the browser", time(cold)],
    ["inbox, the next time", time(warm)],
    ["open a message", time(await openings(page, webmail))],
    ...(await archivings(page, webmail)),
    ...(await scrolling(context, page, webmail)),
  ];
  await context.close();
  return new Map(figures);
}

/** p50 / p95, of which the first is compared. */
export function time(samples: number[]): Figure {
  const p50 = median(samples);
  const text = `${p50.toFixed(0)} / ${percentile(samples, 0.95).toFixed(0)}`;
  return { text, value: p50, better: "less" };
}

async function weightOfScripts(context: BrowserContext, webmail: Webmail): Promise<Figure> {
  const scripts = await scriptsOf(context, webmail);
  const kilobytes = scripts.reduce((sum, bytes) => sum + gzipSync(bytes, { level: 9 }).length, 0) / 1000;
  return { text: `${kilobytes.toFixed(1)} kB`, value: kilobytes, better: "less" };
}

/** Of messages that were not opened before. */
async function openings(page: Page, webmail: Webmail): Promise<number[]> {
  const opened: number[] = [];
  for (let row = 0; row < OPENED; row++) {
    if (row % ROWS_IN_VIEW === 0) await scrollTo(page, webmail, row);
    opened.push(await timeToOpen(page, webmail, row));
    await page.waitForTimeout(PAUSE_MS);
  }
  return opened;
}

async function archivings(page: Page, webmail: Webmail): Promise<[string, Figure][]> {
  await scrollTo(page, webmail, 0);
  const archived: number[] = [];
  let unheard = 0;
  while (archived.length < ARCHIVED && unheard < MOST_UNHEARD) {
    await webmail.open(page, 1);
    await until(page, `${webmail.opened} !== null`);
    await page.waitForTimeout(PAUSE_MS);
    const before = await page.evaluate<string>(webmail.listed);
    const took = await timeOf(page, () => webmail.archive(page), `${webmail.listed} !== ${JSON.stringify(before)}`);
    if (took === null) unheard += 1;
    else archived.push(took);
    await page.waitForTimeout(PAUSE_MS);
  }
  return [
    ["archive, to the next paint", time(archived)],
    ["archive: without effect", only(unheard, "")],
  ];
}

async function scrollTo(page: Page, { scroller, rowHeight }: Webmail, row: number): Promise<void> {
  await page.evaluate(`${scroller}.scrollTo(0, ${row * rowHeight})`);
  await page.waitForTimeout(PAUSE_MS);
}

/** Beside a list of as many plain lines in an empty page: what of it is the machine's. */
async function scrolling(context: BrowserContext, page: Page, webmail: Webmail): Promise<[string, Figure][]> {
  const { scroller, rowsSoFar } = webmail;
  if (rowsSoFar === undefined) return [];
  const plain = await context.newPage();
  await plain.setContent(
    `<div id="s" style="height: 700px; overflow: auto">${"<p>A line of text.</p>".repeat(ROWS)}</div>`,
  );
  const lines = { scroller: "document.querySelector('#s')", rowsSoFar: "scroller.scrollTop / 34" };
  const nothing = await scrollThrough(plain, lines, ROWS * 0.97, PIXELS_A_FRAME / 2);
  await plain.close();
  await page.bringToFront();
  const scrolled = await scrollThrough(page, { scroller, rowsSoFar }, ROWS, PIXELS_A_FRAME);
  return [
    ["scroll: rows", only(Math.round(scrolled.rows), "")],
    ["scroll: a frame, p50 / p99 / most", only(median(scrolled.frames), frameTimes(scrolled))],
    ["scroll: frames over 50 ms", slowFrames(scrolled)],
    ["scroll: frames without rows to show", only(scrolled.waited, "")],
    ["plain lines: a frame, p50 / p99 / most", only(median(nothing.frames), frameTimes(nothing))],
    ["plain lines: frames over 50 ms", slowFrames(nothing)],
  ];
}

const only = (value: number, text: string): Figure => ({
  ...{ text: text === "" ? String(value) : text, value, better: "less", isCompared: false },
});

const frameTimes = ({ frames }: Scrolled): string =>
  [median(frames), percentile(frames, 0.99), Math.max(...frames)].map((ms) => ms.toFixed(0)).join(" / ");

function slowFrames({ frames }: Scrolled): Figure {
  const slow = frames.filter((took) => took > 50).length;
  return only(slow, `${slow} of ${frames.length}`);
}
