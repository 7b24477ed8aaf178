/** Newsletters keep their look: each as it came and as it is given out, in a real browser, pixel by pixel. */
import pixelmatch from "pixelmatch";
import type { Browser, Page } from "playwright-core";
import { PNG } from "pngjs";
import { afterAll, beforeAll, expect, it } from "vitest";
import { sanitiseHtml } from "../../mail/html/sanitise-html.ts";
import { NEWSLETTERS } from "../newsletters/newsletters.ts";
import { launchChromium } from "./chromium.ts";

const SCREENS = { desktop: { width: 900, height: 700 }, phone: { width: 375, height: 700 } };
/** One pixel in a thousand: a browser does not always draw the edge of a letter alike. */
const TOLERANCE = 0.001;

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

async function looks(page: Page, html: string): Promise<PNG> {
  // As a document of its own: `setContent` keeps the layout mode of the page before.
  await page.goto(`data:text/html;charset=utf-8,${encodeURIComponent(html)}`);
  return PNG.sync.read(await page.screenshot({ animations: "disabled" }));
}

const given = (html: string): string => {
  const safe = sanitiseHtml(html);
  if (!safe.ok) throw new Error(safe.error.reason);
  return safe.value.html;
};

it("is twenty layouts", () => expect(Object.keys(NEWSLETTERS)).toHaveLength(20));

for (const scheme of ["light", "dark"] as const) {
  for (const [screen, viewport] of Object.entries(SCREENS)) {
    // What is dark without being told so is asked for once.
    const all = Object.entries(NEWSLETTERS).filter(([name]) => scheme === "light" || name === "dark mode");
    it(`keeps the look of each on a ${screen}, ${scheme}`, async () => {
      const context = await browser.newContext({ viewport, colorScheme: scheme });
      const page = await context.newPage();
      const differing: string[] = [];
      for (const [name, html] of all) {
        const [before, after] = [await looks(page, html), await looks(page, given(html))];
        const { width, height } = before;
        const differences = pixelmatch(before.data, after.data, undefined, width, height, { threshold: 0.1 });
        if (differences > TOLERANCE * width * height) differing.push(`${name}: ${differences} pixels`);
      }
      await context.close();
      expect(differing).toEqual([]);
    });
  }
}

it("would see a look that is another", async () => {
  const page = await browser.newPage({ viewport: SCREENS.phone });
  const html = NEWSLETTERS["dark mode"] ?? "";
  const [before, after] = [
    await looks(page, html),
    await looks(page, html.replaceAll("<style>", "<style media=print>")),
  ];
  const { width, height } = before;
  expect(pixelmatch(before.data, after.data, undefined, width, height)).toBeGreaterThan(TOLERANCE * width * height);
});
