/** How long what happens elsewhere takes to be on the screen. Clocks of this process and of pages are the machine's. */
import type { Browser, Page } from "playwright-core";
import { connectSmtp } from "../../tests/support/smtp-client.ts";
import type { Figures } from "../peers/figures.ts";
import { time } from "./figures.ts";
import type { Mailmesh } from "./mailmesh.ts";
import { until } from "./marks.ts";

const TIMES = 20;
const PAUSE_MS = 300;

export async function liveFigures(browser: Browser, webmail: Mailmesh): Promise<Figures> {
  const [one, other] = [await inboxOf(browser, webmail), await inboxOf(browser, webmail)];
  const figures: Figures = new Map([
    ["new mail, from its 250 to its row", time(await arrivals(one, webmail))],
    ["a star, from one browser to the other", time(await stars(one, other))],
  ]);
  for (const page of [one, other]) await page.context().close();
  return figures;
}

async function inboxOf(browser: Browser, webmail: Mailmesh): Promise<Page> {
  const page = await (await webmail.newProfile(browser)).newPage();
  await page.goto(webmail.url);
  await until(page, webmail.isListed);
  await page.waitForTimeout(2000);
  return page;
}

async function arrivals(page: Page, webmail: Mailmesh): Promise<number[]> {
  const smtp = await connectSmtp(webmail.service.smtp);
  const took: number[] = [];
  for (let n = 0; n < TIMES; n++) {
    const subject = `The ferry is late ${crypto.randomUUID()}`;
    const seen = await watch(page, `document.querySelector("#messages")?.textContent.includes("${subject}")`);
    const lines = ["From: ines@river.example", "To: alice@mesh.test", `Subject: ${subject}`, "", "Half past nine.", ""];
    await smtp.send("ines@river.example", ["alice@mesh.test"], Buffer.from(lines.join("\r\n")));
    const acknowledged = now();
    // It may be there before its 250 is.
    took.push(Math.max(0, (await seen()) - acknowledged));
    await page.waitForTimeout(PAUSE_MS);
  }
  smtp.close();
  return took;
}

/** On and off, at the newest message. */
async function stars(one: Page, other: Page): Promise<number[]> {
  const isPressed = `document.querySelector('#messages li button[aria-label="Star"]').ariaPressed`;
  const took: number[] = [];
  for (let n = 0; n < TIMES; n++) {
    const seen = await watch(other, `${isPressed} !== "${await other.evaluate(isPressed)}"`);
    await one.evaluate(`addEventListener("pointerdown", ({ timeStamp }) => {
      window.clickedAt = performance.timeOrigin + timeStamp;
    }, { capture: true, once: true })`);
    await one.locator("#messages li").first().getByRole("button", { name: "Star", exact: true }).click();
    const [appeared, clicked] = [await seen(), await one.evaluate<number>("window.clickedAt")];
    took.push(appeared - clicked);
    await one.waitForTimeout(PAUSE_MS);
  }
  return took;
}

const now = (): number => performance.timeOrigin + performance.now();

/** From now on, until a paint after which something holds in the page: when that was. */
async function watch(page: Page, holds: string): Promise<() => Promise<number>> {
  await page.evaluate(`{
    window.seenAt = new Promise((resolve) => {
      const look = () => {
        if (!(${holds})) return requestAnimationFrame(look);
        setTimeout(() => resolve(performance.timeOrigin + performance.now()));
      };
      requestAnimationFrame(look);
    });
    void 0;
  }`);
  return () => page.evaluate<number>("window.seenAt");
}
