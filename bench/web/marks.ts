/** What is measured in a page, in the browser itself: from the navigation or the input to the frame that shows it. */
import type { BrowserContext, CDPSession, Page, Response } from "playwright-core";
import type { Webmail } from "./webmail.ts";

/**
 * Milliseconds from the navigation until rows are painted and the page's thread is idle for the first time, so that the
 * next click or key is heard at once.
 */
export async function timeToInbox(context: BrowserContext, { url, isListed }: Webmail): Promise<number> {
  const page = await context.newPage();
  await page.addInitScript(`if (window === top) {
    const look = () => {
      if (document.body === null || !(${isListed})) return requestAnimationFrame(look);
      setTimeout(() => requestIdleCallback(() => { window.interactiveAt ??= performance.now(); }));
    };
    requestAnimationFrame(look);
  }`);
  await page.goto(url);
  await until(page, "window.interactiveAt !== undefined");
  const took = await page.evaluate<number>("window.interactiveAt");
  // What is kept for the next time is kept after the first screen is there.
  await page.waitForTimeout(1500);
  await page.close();
  return took;
}

/** Waits for an expression to hold in the page. (Playwright's own way evaluates a string there, which policies forbid.) */
export const until = (page: Page, expression: string): Promise<void> =>
  page.evaluate(`new Promise((resolve, reject) => {
    const tooLong = setTimeout(() => reject(new Error("30 seconds")), 30_000);
    const look = () => {
      if (!(${expression})) return requestAnimationFrame(look);
      clearTimeout(tooLong);
      resolve();
    };
    look();
  })`);

/**
 * Milliseconds from the first pointer or key event that `act` makes to the paint after which `isDone` holds. Null where
 * nothing has come of it after ten seconds.
 */
export async function timeOf(page: Page, act: () => Promise<void>, isDone: string): Promise<number | null> {
  await page.evaluate(`{
    let began;
    const begin = ({ timeStamp }) => { began ??= timeStamp; };
    for (const type of ["pointerdown", "keydown"]) addEventListener(type, begin, { capture: true, once: true });
    window.took = new Promise((resolve) => {
      setTimeout(() => resolve(null), 10_000);
      const look = () => {
        if (began === undefined || !(${isDone})) return requestAnimationFrame(look);
        // The frame whose callbacks these are is painted before the next task.
        setTimeout(() => resolve(performance.now() - began));
      };
      requestAnimationFrame(look);
    });
    // Not the promise, which would be waited for before anything is done.
    void 0;
  }`);
  await act();
  return page.evaluate<number | null>("window.took");
}

/** The same from the click on the nth message of the list until it, and not the one before it, is shown whole. */
export async function timeToOpen(page: Page, { open, opened }: Webmail, row: number): Promise<number> {
  const before = await page.evaluate<string | null>(opened);
  const took = await timeOf(page, () => open(page, row), `![null, ${JSON.stringify(before)}].includes(${opened})`);
  if (took === null) throw new Error(`message ${row} of the list does not open`);
  return took;
}

export interface Scrolled {
  rows: number;
  /** Milliseconds between a frame and the next. */
  frames: number[];
  /** Frames in which the list had not got on: it waited for rows. */
  waited: number;
}

/** In the page: what is scrolled, and how many rows there have been up to the end of what is in view. */
export interface List {
  scroller: string;
  rowsSoFar: string;
}

/** So many pixels a frame, until so many rows were passed or nothing has come for ten seconds. */
export async function scrollThrough(page: Page, list: List, rows: number, pixels: number): Promise<Scrolled> {
  return page.evaluate<Scrolled>(`new Promise((resolve) => {
    const scroller = ${list.scroller};
    const frames = [];
    let waited = 0, stuck = 0, before = performance.now(), waitingSince = 0;
    const frame = (now) => {
      frames.push(now - before);
      before = now;
      const top = scroller.scrollTop;
      scroller.scrollTop = top + ${pixels};
      const isStuck = scroller.scrollTop === top;
      if (isStuck) stuck += 1;
      else {
        // Not at the end of the list, then.
        waited += stuck;
        stuck = 0;
        waitingSince = now;
      }
      const passed = ${list.rowsSoFar};
      if (passed >= ${rows} || (isStuck && now - waitingSince > 10000)) resolve({ rows: passed, frames: frames.slice(1), waited });
      else requestAnimationFrame(frame);
    };
    requestAnimationFrame((now) => { before = waitingSince = now; requestAnimationFrame(frame); });
  })`);
}

export interface Memory {
  /** Bytes of live script objects, after a collection. */
  heap: number;
  nodes: number;
  listeners: number;
}

export async function memoryOf(session: CDPSession): Promise<Memory> {
  // What only weak references hold goes in the second.
  for (let n = 0; n < 2; n++) await session.send("HeapProfiler.collectGarbage");
  const { metrics } = await session.send("Performance.getMetrics");
  const value = (name: string) => metrics.find((metric) => metric.name === name)?.value ?? Number.NaN;
  return { heap: value("JSHeapUsedSize"), nodes: value("Nodes"), listeners: value("JSEventListeners") };
}

/** The scripts that a page fetches until its inbox is shown. */
export async function scriptsOf(context: BrowserContext, webmail: Webmail): Promise<Buffer[]> {
  const page = await context.newPage();
  const responses: Response[] = [];
  page.on("response", (response) => responses.push(response));
  await page.goto(webmail.url);
  await until(page, webmail.isListed);
  const scripts = responses.filter((response) => response.request().resourceType() === "script");
  const bodies = await Promise.all(scripts.map((response) => response.body()));
  await page.close();
  return bodies;
}
