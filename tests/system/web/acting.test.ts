/** Lists and what is done with messages, in a real browser on the whole service. */
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import type { FolderRole } from "../../../contract/folders.ts";
import { MessagePage } from "../../../contract/messages.ts";
import { call, folderOf, logIn, type Service, startService } from "../../support/service.ts";
import { connectSmtp, type SmtpClient } from "../../support/smtp-client.ts";
import { launchChromium, signIn, type Visit, visit } from "../chromium.ts";

let service: Service;
let smtp: SmtpClient;
let browser: Browser;
let current: Visit;
let page: Page;
let tokens: Record<"alice" | "bob", Promise<string>>;

beforeAll(async () => {
  service = await startService();
  const tokenOf = async (name: string) => (await logIn(service, `${name}@mesh.test`)).token;
  tokens = { alice: tokenOf("alice"), bob: tokenOf("bob") };
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
async function mail(to: "alice" | "bob", subject: string, text = "Nothing much.", answers = ""): Promise<number> {
  const lines = ["From: Ines Carvalho <ines@river.example>", `To: ${to}@mesh.test`, `Subject: ${subject}`];
  lines.push(`Message-ID: <${answers === "" ? crypto.randomUUID() : `re-${answers}`}@river.example>`);
  if (answers !== "") lines.push(`In-Reply-To: <${answers}@river.example>`, `References: <${answers}@river.example>`);
  await smtp.send("ines@river.example", [`${to}@mesh.test`], Buffer.from(`${[...lines, "", text].join("\r\n")}\r\n`));
  return Date.now();
}

/** What the server has in a folder. */
async function subjectsIn(account: "alice" | "bob", role: FolderRole): Promise<string[]> {
  const token = await tokens[account];
  const { id } = await folderOf(service, token, role);
  const page = await call(service, "GET", `/v1/folders/${id}/messages?limit=100`, { token });
  return page.json(MessagePage).messages.map(({ subject }) => subject);
}

/** It takes as long as the machine is busy. */
const poll = <T>(what: () => Promise<T>) => expect.poll(what, { timeout: 10_000 });

const rows = (on: Page = page) => on.locator("#messages li");
const row = (subject: string, on: Page = page) => on.locator("#messages").getByRole("link", { name: subject });
const opened = () => page.getByRole("main");
const folder = (name: string, on: Page = page) => on.getByRole("navigation").getByRole("link", { name });

it("shows a new message within a second, and opens it", async () => {
  await signIn(page, "alice@mesh.test");
  const acknowledged = await mail("alice", "The ferry is late", "It leaves at half past nine.");
  await row("The ferry is late").waitFor();
  expect((Date.now() - acknowledged) / 1000).toBeLessThan(1);
  await poll(() => page.title()).toBe("(1) Mailmesh");

  await row("The ferry is late").click();
  await opened().getByText("It leaves at half past nine.").waitFor();
  // Opening it marked it as read, and the service says so to every page.
  await poll(() => page.title()).toBe("Mailmesh");
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
  const seen = rows(other.page).filter({ hasText: "Seen from two sides" }).getByRole("button", { name: "Star" });
  const took: number[] = [];
  for (const pressed of ["true", "false", "true"]) {
    await star(page).click();
    const began = Date.now();
    await other.page.waitForFunction(([element, pressed]) => element?.getAttribute("aria-pressed") === pressed, [
      await seen.elementHandle(),
      pressed,
    ] as const);
    took.push(Date.now() - began);
  }
  // Of three, as other programs are busy beside this one.
  expect(Math.min(...took)).toBeLessThan(1000);
  await row("Seen from two sides").click();
  await opened().getByRole("button", { name: "Archive" }).click();
  await row("Seen from two sides", other.page).waitFor({ state: "detached" });
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
  await poll(() => scroller.evaluate((element) => Math.round(element.scrollTop / 72))).toBe(61);
  expect((await middle.boundingBox())?.y).toBe(before?.y);
  await scrollTo(0);
  await row("Number 131.").waitFor();
  // And a change far from what is in view.
  const token = await tokens.bob;
  const inbox = await folderOf(service, token, "inbox");
  const { messages } = (await call(service, "GET", `/v1/folders/${inbox.id}/messages?limit=100`, { token })).json(
    MessagePage,
  );
  await scrollTo(131 * 72);
  await row("Number 1.").waitFor();
  const ids = messages.slice(10, 40).map(({ id }) => id);
  await call(service, "POST", "/v1/messages/batch", { token, body: { ids, delete: true } });
  await poll(() => page.locator("#messages").getAttribute("style")).toContain(`${101 * 72}px`);
  expect(await row("Number 1.").isVisible()).toBe(true);
});

it("does by keys what Gmail does by them, and takes it back", async () => {
  for (const subject of ["Third", "Second", "First"]) await mail("alice", `Key ${subject}`);
  await signIn(page, "alice@mesh.test");
  const press = async (...keys: string[]) => {
    for (const key of keys) await page.keyboard.press(key);
  };
  await row("Key First").waitFor();
  await press("j", "j", "x", "j", "x");
  await page.getByRole("toolbar").getByText("2 selected").waitFor();
  await press("e");
  await poll(() => rows().filter({ hasText: "Key" }).count()).toBe(1);
  await page.getByText("Archived.").waitFor();
  await press("z");
  await poll(() => rows().filter({ hasText: "Key" }).allInnerTexts()).toHaveLength(3);
  expect((await rows().allInnerTexts()).slice(0, 3).map((text) => /Key \w+/.exec(text)?.[0])).toEqual([
    ...["Key First", "Key Second", "Key Third"],
  ]);

  // The keyboard is where it was, at the third: starred, read, unread, and opened with Enter.
  await row("Key Second").focus();
  await press("s");
  const star = rows().filter({ hasText: "Key Second" }).getByRole("button", { name: "Star" });
  await expect.poll(() => star.getAttribute("aria-pressed")).toBe("true");
  await press("z");
  await expect.poll(() => star.getAttribute("aria-pressed")).toBe("false");
  await press("Shift+I");
  await poll(() => row("Unread: Ines Carvalho Key Second").count()).toBe(0);
  await press("Shift+U");
  await row("Unread: Ines Carvalho Key Second").waitFor();
  await press("o");
  await opened().getByText("Nothing much.").waitFor();
  await press("#");
  await row("Key Second").waitFor({ state: "detached" });
  expect(new URL(page.url()).pathname).toBe("/in/inbox");
  await row("Key First").focus();
  await press("m");
  await row("Key First").waitFor({ state: "detached" });
  await press("z");
  await row("Key First").waitFor();
  await press("g", "#");
  await page.getByRole("heading", { name: "Trash" }).waitFor();
  await row("Key Second").waitFor();

  await press("?");
  await page.getByRole("dialog", { name: "Keyboard shortcuts" }).getByText("Archive", { exact: true }).waitFor();
  await press("Escape");
  await page.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor({ state: "detached" });
  await press("Control+k");
  await page.getByRole("dialog").getByRole("combobox").pressSequentially("inbox");
  await page.getByRole("option", { name: "Go to the inbox" }).waitFor();
  await press("Enter");
  await page.getByRole("heading", { name: "Inbox" }).waitFor();
});

it("moves to a folder that is made on the way, labels, snoozes, and drops on a folder", async () => {
  for (const subject of ["Moved", "Labelled", "Snoozed", "Dropped"]) await mail("alice", `To be ${subject}`);
  await signIn(page, "alice@mesh.test");
  const choose = async (key: string, name: string) => {
    await page.keyboard.press(key);
    await page.getByRole("dialog").getByRole("combobox").pressSequentially(name);
    await page.getByRole("option", { name }).waitFor();
    await page.keyboard.press("Enter");
    await expect.poll(() => page.getByRole("option").count()).toBe(0);
  };
  await row("To be Moved").focus();
  await choose("v", "Rowing");
  await row("To be Moved").waitFor({ state: "detached" });
  await row("To be Labelled").focus();
  await choose("l", "Rowing");
  await row("To be Snoozed").focus();
  await page.keyboard.press("b");
  await page.getByRole("dialog").getByRole("button", { name: "Tomorrow" }).click();
  await row("To be Snoozed").waitFor({ state: "detached" });
  await row("To be Dropped").dragTo(folder("Rowing"));
  await row("To be Dropped").waitFor({ state: "detached" });
  await row("To be Labelled").waitFor();

  await folder("Rowing").click();
  for (const subject of ["Moved", "Labelled", "Dropped"]) await row(`To be ${subject}`).waitFor();
  await folder("Rowing").hover();
  await page.getByRole("button", { name: "More for “Rowing”" }).click();
  await page.getByRole("menuitem", { name: "Rename" }).click();
  await page.getByRole("textbox", { name: "Name" }).fill("Sculling");
  await page.getByRole("dialog").getByRole("button", { name: "Rename" }).click();
  await folder("Sculling").hover();
  await page.getByRole("button", { name: "More for “Sculling”" }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await folder("Sculling").waitFor({ state: "detached" });
  await page.getByRole("heading", { name: "Inbox" }).waitFor();
  await expect
    .poll(() => subjectsIn("alice", "archive"))
    .toEqual(expect.arrayContaining(["To be Moved", "To be Snoozed"]));
});

it("takes a conversation as a whole, from where it is", async () => {
  const id = crypto.randomUUID();
  const lines = [
    `Message-ID: <${id}@river.example>`,
    "From: ines@river.example",
    "Subject: The long talk",
    "",
    "It began.",
  ];
  await smtp.send("ines@river.example", ["alice@mesh.test"], Buffer.from(`${lines.join("\r\n")}\r\n`));
  await mail("alice", "Re: The long talk", "It went on.", id);
  await signIn(page, "alice@mesh.test");
  await row("The long talk").focus();
  await page.keyboard.press("e");
  await row("The long talk").waitFor({ state: "detached" });
  const talk = async (role: FolderRole) =>
    (await subjectsIn("alice", role)).filter((subject) => subject.endsWith("The long talk")).length;
  await poll(() => talk("archive")).toBe(2);
  expect(await talk("inbox")).toBe(0);
  await page.keyboard.press("z");
  await row("The long talk").waitFor();
  await poll(() => talk("inbox")).toBe(2);
});

it("does it to all that a folder holds, and takes that back too", async () => {
  await signIn(page, "bob@mesh.test");
  await rows().first().waitFor();
  const total = (await subjectsIn("bob", "inbox")).length;
  expect(total).toBe(100);
  await page.getByLabel("Select all shown").check();
  await page.getByRole("button", { name: "Select all 101 in “Inbox”" }).click();
  await page.getByRole("toolbar").getByRole("button", { name: "Archive" }).click();
  await poll(() => rows().count()).toBe(0);
  await poll(async () => (await subjectsIn("bob", "inbox")).length).toBe(0);
  await page.getByRole("button", { name: "Undo" }).click();
  await poll(async () => (await subjectsIn("bob", "inbox")).length).toBe(100);
  await rows().first().waitFor();
});

it("shows what was refused as it was", async () => {
  await mail("alice", "Not to be moved");
  await signIn(page, "alice@mesh.test");
  await row("Not to be moved").focus();
  await page.route("**/v1/messages/batch", (route) =>
    route.fulfill({ status: 409, json: { title: "Conflict", reason: "conflict", detail: "Not today." } }),
  );
  await page.keyboard.press("e");
  await page.getByText("Not today.").first().waitFor();
  await row("Not to be moved").waitFor();
  expect(await subjectsIn("alice", "inbox")).toContain("Not to be moved");
  expect(current.complaints.splice(0)).toEqual([expect.stringContaining("status of 409")]);
});

it("loses nothing when the network is gone and the tab is closed", async () => {
  for (const subject of ["Kept", "Thrown", "Read"]) await mail("alice", `Offline ${subject}`);
  await signIn(page, "alice@mesh.test");
  await row("Offline Read").waitFor();
  const context = page.context();
  await context.setOffline(true);
  for (const [subject, key] of [
    ["Kept", "e"],
    ["Thrown", "#"],
  ] as const) {
    await row(`Offline ${subject}`).focus();
    await page.keyboard.press(key);
    await row(`Offline ${subject}`).waitFor({ state: "detached" });
  }
  // Thought better of, also without a network.
  await page.keyboard.press("z");
  await row("Offline Thrown").waitFor();
  await page.close();
  expect(await subjectsIn("alice", "inbox")).toContain("Offline Kept");
  await context.setOffline(false);
  page = await context.newPage();
  await page.goto("/");
  await page.getByRole("heading", { name: "Inbox" }).waitFor();
  await poll(() => subjectsIn("alice", "archive")).toContain("Offline Kept");
  await row("Offline Thrown").waitFor();
  expect(await row("Offline Kept").count()).toBe(0);
  current.complaints.splice(0);

  await context.route("**/v1/messages/batch", (route) => route.abort("internetdisconnected"));
  await row("Offline Read").focus();
  await page.keyboard.press("e");
  await row("Offline Read").waitFor({ state: "detached" });
  expect(await queued(page)).toBe(1);
  await page.getByRole("button", { name: "Account" }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await page.getByRole("button", { name: "Sign in" }).waitFor();
  expect(await queued(page)).toBe(0);
});

/** Updates that are kept in the browser. */
const queued = (on: Page): Promise<number> =>
  on.evaluate(`new Promise((resolve) => {
    const opening = indexedDB.open("mailmesh-updates");
    opening.onsuccess = () => {
      const counting = opening.result.transaction("updates").objectStore("updates").count();
      counting.onsuccess = () => resolve(counting.result);
    };
  })`);
