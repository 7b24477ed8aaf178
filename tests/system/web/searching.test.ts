/** Finding, in a real browser: what the box offers, the language, chips, saved searches and the form. */
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { type Service, startService } from "../../support/service.ts";
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
  await mail("Harvest supper", "Bring plates and a lantern.");
  await mail("Harvest accounts", "The lantern was 12 euros.");
  await mail("A lighthouse", "It is painted red.", "Jonas Reuter <jonas@lake.example>");
});
afterAll(async () => {
  smtp?.close();
  await browser?.close();
  await service?.stop();
});
beforeEach(async () => {
  current = await visit(browser, service);
  ({ page } = current);
  await signIn(page, "alice@mesh.test");
});
afterEach(async () => {
  await current.close();
  expect(current.complaints).toEqual([]);
  expect([...current.origins]).toEqual([service.url]);
});

async function mail(subject: string, text: string, from = "Ines Carvalho <ines@river.example>"): Promise<void> {
  const lines = [`From: ${from}`, "To: alice@mesh.test", `Subject: ${subject}`];
  const id = `Message-ID: <${crypto.randomUUID()}@river.example>`;
  await smtp.send(
    "ines@river.example",
    ["alice@mesh.test"],
    Buffer.from(`${[...lines, id, "", text].join("\r\n")}\r\n`),
  );
}

const box = () => page.getByRole("combobox", { name: "Search" });
const row = (subject: string) => page.locator("#messages").getByRole("link", { name: subject });
const subjects = () => page.locator("#messages li").count();

async function search(query: string): Promise<void> {
  await box().fill(query);
  await box().press("Enter");
  await page.getByRole("heading", { name: `Search: ${query}` }).waitFor();
}

it("finds by the whole language, marks what it found, and says what it took as words", async () => {
  await search("lantern subject:supper");
  await row("Harvest supper").waitFor();
  expect(await subjects()).toBe(1);
  expect(await row("Harvest supper").locator("mark").allTextContents()).toEqual(["supper", "lantern"]);
  await page.getByRole("status").filter({ hasText: "1 message" }).waitFor();

  await search("lantern before:supper");
  await page.getByText("Searched as plain words: before:supper").waitFor();
});

it("keeps what is searched for out of what is asked of the server's pages, and in the address", async () => {
  const asked: string[] = [];
  page.on("request", (request) => request.isNavigationRequest() && asked.push(request.url()));
  await search("lantern");
  await page.reload();
  await page.getByRole("heading", { name: "Search: lantern" }).waitFor();
  await row("Harvest supper").click();
  await page.getByRole("main").getByText("Bring plates").waitFor();
  await page.goBack();
  await page.goBack();
  await page.getByRole("heading", { name: "Inbox" }).waitFor();
  await page.goForward();
  await page.getByRole("heading", { name: "Search: lantern" }).waitFor();
  expect(asked.map((url) => new URL(url).pathname + new URL(url).search)).toEqual(["/search"]);
});

it("offers messages, people and operators while one types, and takes them by keyboard", async () => {
  await box().pressSequentially("lanter");
  const offered = page.getByRole("option");
  await offered.filter({ hasText: "Harvest supper" }).waitFor();
  await offered.filter({ hasText: "Harvest accounts" }).waitFor();
  await box().press("ArrowDown");
  await offered.and(page.locator("[data-highlighted]")).waitFor();
  await box().press("Enter");
  await page.getByRole("main").getByText("The lantern was 12 euros.").waitFor();

  await box().fill("jon");
  await offered.filter({ hasText: "from:jonas@lake.example" }).click();
  expect(await box().inputValue()).toBe("from:jonas@lake.example ");
  await box().press("Enter");
  await page.getByRole("heading", { name: "Search: from:jonas@lake.example" }).waitFor();
  await row("A lighthouse").waitFor();
  expect(await subjects()).toBe(1);

  await box().fill("has:a");
  await offered.filter({ hasText: "has:attachment" }).waitFor();
});

it("narrows down by chips, and keeps a search by name", async () => {
  await search("harvest");
  await expect.poll(subjects).toBe(2);
  const unread = page.getByRole("button", { name: "Unread", exact: true });
  await unread.click();
  await page.getByRole("heading", { name: "Search: harvest is:unread" }).waitFor();
  expect(await unread.getAttribute("aria-pressed")).toBe("true");
  await unread.click();
  await page.getByRole("heading", { name: "Search: harvest", exact: true }).waitFor();

  await page.getByRole("button", { name: "Save this search" }).click();
  await page.getByLabel("Name").fill("The harvest");
  await page.getByRole("dialog").getByRole("button", { name: "Save this search" }).click();
  await page.getByRole("link", { name: "Inbox" }).click();
  await page.getByRole("link", { name: "The harvest" }).click();
  await page.getByRole("heading", { name: "Search: harvest", exact: true }).waitFor();
  await page.getByRole("button", { name: 'Forget "The harvest"' }).click();
  await page.getByRole("link", { name: "The harvest" }).waitFor({ state: "detached" });
});

it("writes the query of the advanced form", async () => {
  await page.getByRole("button", { name: "Advanced search" }).click();
  const form = page.getByRole("dialog");
  await form.getByLabel("Has the words").fill("lantern");
  await form.getByLabel("Without the words").fill("euros");
  await form.getByLabel("From", { exact: true }).fill("Ines Carvalho");
  await form.getByText('lantern -euros from:"Ines Carvalho"').waitFor();
  await form.getByRole("button", { name: "Search" }).click();
  await row("Harvest supper").waitFor();
  expect(await subjects()).toBe(1);
});
