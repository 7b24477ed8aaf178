/** Lists and what is done with messages, in a real browser on the whole service. */
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { MessagePage } from "../../../contract/messages.ts";
import { call, folderOf, logIn, type Service, startService } from "../../support/service.ts";
import { connectSmtp, type SmtpClient } from "../../support/smtp-client.ts";
import { launchChromium, signIn, type Visit, visit } from "../chromium.ts";

let service: Service;
let smtp: SmtpClient;
let browser: Browser;
let current: Visit;
let page: Page;

beforeAll(async () => {
  service = await startService();
  [smtp, browser] = await Promise.all([connectSmtp(service.smtp), launchChromium()]);
});
afterAll(async () => {
  smtp?.close();
  await browser?.close();
  await service?.stop();
});

beforeEach(async () => {
  current = await visit(browser, service);
  ({ page } = current);
});
afterEach(async () => {
  await current.close();
  expect(current.complaints).toEqual([]);
  expect([...current.origins]).toEqual([service.url]);
});

/** Over SMTP, as from outside. Resolves with the moment of the 250. */
async function mail(to: "alice" | "bob", subject: string, text = "Nothing much."): Promise<number> {
  const lines = ["From: Ines Carvalho <ines@river.example>", `To: ${to}@mesh.test`, `Subject: ${subject}`];
  lines.push(`Message-ID: <${crypto.randomUUID()}@river.example>`, "", text);
  await smtp.send("ines@river.example", [`${to}@mesh.test`], Buffer.from(`${lines.join("\r\n")}\r\n`));
  return Date.now();
}

const rows = (on: Page = page) => on.locator("#messages li");
const row = (subject: string, on: Page = page) => on.locator("#messages").getByRole("link", { name: subject });
const opened = () => page.getByRole("main");
const folder = (name: string, on: Page = page) => on.getByRole("navigation").getByRole("link", { name });

it("shows a new message within a second, and opens it", async () => {
  await signIn(page, "alice@mesh.test");
  const acknowledged = await mail("alice", "The ferry is late", "It leaves at half past nine.");
  await row("The ferry is late").waitFor();
  expect((Date.now() - acknowledged) / 1000).toBeLessThan(1);
  await expect.poll(() => page.title()).toBe("(1) Mailmesh");

  await row("The ferry is late").click();
  await opened().getByText("It leaves at half past nine.").waitFor();
  // Opening it marked it as read, and the service says so to every page.
  await expect.poll(() => page.title()).toBe("Mailmesh");
  expect(await row("Unread: Ines Carvalho").count()).toBe(0);
});

it("goes on without WebSockets, by long poll", async () => {
  await page.routeWebSocket("**/v1/events**", (socket) => socket.close());
  await signIn(page, "alice@mesh.test");
  await mail("alice", "By the slow road");
  await row("By the slow road").waitFor();
});

it("archives, deletes, and moves back", async () => {
  await mail("alice", "To be kept");
  await mail("alice", "To be thrown away");
  await signIn(page, "alice@mesh.test");
  await row("To be kept").click();
  await opened().getByRole("button", { name: "Archive" }).click();
  await row("To be kept").waitFor({ state: "detached" });
  await row("To be thrown away").click();
  await opened().getByRole("button", { name: "Delete" }).click();
  await row("To be thrown away").waitFor({ state: "detached" });

  await folder("Trash").click();
  await row("To be thrown away").click();
  await opened().getByRole("button", { name: "Move to inbox" }).click();
  await folder("Archive").click();
  await row("To be kept").waitFor();
  await folder("Inbox").click();
  await row("To be thrown away").waitFor();
});

it("shows two browsers on one account the same, in under a second", async () => {
  await mail("alice", "Seen from two sides");
  const other = await visit(browser, service);
  await Promise.all([signIn(page, "alice@mesh.test"), signIn(other.page, "alice@mesh.test")]);
  await row("Seen from two sides", other.page).waitFor();
  const star = (on: Page) =>
    rows(on).filter({ hasText: "Seen from two sides" }).getByRole("button", { name: "Star", exact: true });
  const took = async (act: () => Promise<unknown>, seen: () => Promise<unknown>) => {
    await act();
    const began = Date.now();
    await seen();
    expect(Date.now() - began).toBeLessThan(1000);
  };
  await took(
    () => star(page).click(),
    () => rows(other.page).locator("[aria-pressed=true]").waitFor(),
  );
  await row("Seen from two sides").click();
  await took(
    () => opened().getByRole("button", { name: "Archive" }).click(),
    () => row("Seen from two sides", other.page).waitFor({ state: "detached" }),
  );
  expect(other.complaints).toEqual([]);
  await other.close();
});

it("scrolls through all there is, and stays where it is when mail comes in", async () => {
  for (let n = 1; n <= 130; n++) await mail("bob", `Number ${n}.`);
  await signIn(page, "bob@mesh.test");
  await row("Number 130.").waitFor();
  // Of those that were fetched, what is in view is on the page.
  expect(await rows().count()).toBeLessThan(60);
  const scroller = page.locator("#messages").locator("..");
  const scrollTo = (top: number) => scroller.evaluate((element, top) => element.scrollTo(0, top), top);
  for (let top = 0; (await row("Number 1.").count()) === 0; top += 2000) await scrollTo(top);
  const seen = new Set<string>();
  for (let top = 0; top <= 130 * 72; top += 600) {
    await scrollTo(top);
    await page.waitForTimeout(20);
    for (const text of await rows().allInnerTexts()) seen.add(/Number \d+/.exec(text)?.[0] ?? text);
  }
  expect(seen.size).toBe(130);

  const middle = row("Number 70.");
  await scrollTo(60 * 72);
  const before = await middle.boundingBox();
  await mail("bob", "Number 131.");
  await expect.poll(() => scroller.evaluate((element) => Math.round(element.scrollTop / 72))).toBe(61);
  expect((await middle.boundingBox())?.y).toBe(before?.y);
  await scrollTo(0);
  await row("Number 131.").waitFor();
  // And a change far from what is in view.
  const { token } = await logIn(service, "bob@mesh.test");
  const inbox = await folderOf(service, token, "inbox");
  const { messages } = (await call(service, "GET", `/v1/folders/${inbox.id}/messages?limit=100`, { token })).json(
    MessagePage,
  );
  await scrollTo(131 * 72);
  await row("Number 1.").waitFor();
  const ids = messages.slice(10, 40).map(({ id }) => id);
  await call(service, "POST", "/v1/messages/batch", { token, body: { ids, delete: true } });
  await expect.poll(() => page.locator("#messages").getAttribute("style")).toContain(`${101 * 72}px`);
  expect(await row("Number 1.").isVisible()).toBe(true);
});
