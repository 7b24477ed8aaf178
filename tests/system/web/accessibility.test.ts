/** axe on every screen, light and dark, in a real browser: nothing serious is wrong with any (WCAG 2.2 AA). */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Service, startService } from "../../support/service.ts";
import { connectSmtp } from "../../support/smtp-client.ts";
import { launchChromium, signIn, type Visit, visit } from "../chromium.ts";

let service: Service;
let browser: Browser;
let axe: string;

beforeAll(async () => {
  [service, browser] = await Promise.all([startService(), launchChromium()]);
  axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
  const smtp = await connectSmtp(service.smtp);
  for (const [subject, type, text] of LETTERS) {
    const lines = ["From: Ines Carvalho <ines@river.example>", "To: alice@mesh.test", `Subject: ${subject}`];
    const id = `Message-ID: <${crypto.randomUUID()}@river.example>`;
    const message = [...lines, id, "MIME-Version: 1.0", `Content-Type: ${type}; charset=utf-8`, "", text];
    await smtp.send("ines@river.example", ["alice@mesh.test"], Buffer.from(`${message.join("\r\n")}\r\n`));
  }
  smtp.close();
});
afterAll(async () => {
  await browser?.close();
  await service?.stop();
});

const LETTERS = [
  ["A ferry", "text/plain", "It leaves at half past nine.\r\n\r\n> Does it?\r\n> Really?"],
  [
    "A picture",
    "text/html",
    '<p>Look at <a href="https://river.example/">this</a>.</p><img src="https://river.example/a.png">',
  ],
] as const;

/** What is wrong and serious, in a line each. */
async function violations(page: Page): Promise<string[]> {
  // Over the debugger, which the page's content security policy does not concern.
  await page.evaluate(axe);
  const found = await page.evaluate<AxeResults>(
    "axe.run(document, { iframes: false, runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })",
  );
  return found.violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary}`));
}

const open = (name: string) => async (page: Page) => {
  await page.locator("#messages").getByRole("link", { name }).click();
  await page.getByRole("main").getByRole("heading", { name }).waitFor();
};
const go = (address: string) => (page: Page) => page.goto(address);

const SCREENS: [name: string, get: (page: Page) => Promise<unknown>][] = [
  ["inbox", go("/in/inbox")],
  ["conversation", open("A ferry")],
  ["letter with images", open("A picture")],
  ["empty folder", go("/in/archive")],
  ["search", go("/search#q=ferry")],
  ["search that finds nothing", go("/search#q=zeppelin")],
  ["writing", (page) => page.getByRole("button", { name: "Write" }).first().click()],
  ["advanced search", (page) => page.getByRole("button", { name: "Advanced search" }).click()],
  ["settings", go("/settings")],
  ["storage", go("/settings/storage")],
];

describe.each(["light", "dark"] as const)("%s", (colorScheme) => {
  let current: Visit;
  beforeAll(async () => {
    current = await visit(browser, service, { colorScheme });
  });
  afterAll(() => current.close());

  it("sign in", async () => {
    expect(await violations(current.page)).toEqual([]);
    await signIn(current.page, "alice@mesh.test");
  });

  it.each(SCREENS)("%s", async (_name, get) => {
    const { page } = current;
    await page.goto("/in/inbox");
    await page.locator("#messages").getByRole("link", { name: "A ferry" }).waitFor();
    await get(page);
    await page.waitForTimeout(300);
    expect(await violations(page)).toEqual([]);
  });

  it("the inbox on a phone", async () => {
    const { page } = current;
    await page.setViewportSize({ width: 375, height: 700 });
    await page.goto("/in/inbox");
    await page.locator("#messages").getByRole("link", { name: "A ferry" }).waitFor();
    expect(await violations(page)).toEqual([]);
  });
});
