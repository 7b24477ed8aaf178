/** The browser client on the whole service, in a real browser. After each test the page must have behaved. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { type ParsedMail, simpleParser } from "mailparser";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { MessagePage } from "../../contract/messages.ts";
import { admin } from "../support/admin-command.ts";
import { call, eventually, folderOf, logIn, PASSWORD, type Service, startService } from "../support/service.ts";
import { connectSmtp, type SmtpClient } from "../support/smtp-client.ts";
import { launchChromium, signIn, type Visit, visit } from "./chromium.ts";

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
async function mailTo(to: string, lines: string[], from = "ines@river.example"): Promise<number> {
  await smtp.send(from, [to], Buffer.from(`${lines.join("\r\n")}\r\n`));
  return Date.now();
}

const letter = (subject: string, text = "Nothing much.") => [
  ...["From: Ines Carvalho <ines@river.example>", "To: alice@mesh.test", `Subject: ${subject}`],
  ...[`Message-ID: <${crypto.randomUUID()}@river.example>`, "", text],
];

const row = (subject: string) => page.locator("#messages").getByRole("link", { name: subject });
const opened = () => page.getByRole("main");

it("shows a new message within a second, without a reload, and opens it", async () => {
  await signIn(page, "alice@mesh.test");
  const acknowledged = await mailTo("alice@mesh.test", letter("The ferry is late", "It leaves at half past nine."));
  await row("The ferry is late").waitFor();
  expect((Date.now() - acknowledged) / 1000).toBeLessThan(1);
  await expect.poll(() => page.title()).toBe("(1) Mailmesh");

  await row("The ferry is late").click();
  await opened().getByText("It leaves at half past nine.").waitFor();
  await opened().getByText("Ines Carvalho <ines@river.example>").waitFor();
  // Opening it marked it as read, and the service says so to every page.
  await expect.poll(() => page.title()).toBe("Mailmesh");
  expect(await row("Unread: Ines Carvalho").count()).toBe(0);
});

it("goes on without WebSockets, by long poll", async () => {
  await page.routeWebSocket("**/v1/events**", (socket) => socket.close());
  await signIn(page, "alice@mesh.test");
  await mailTo("alice@mesh.test", letter("By the slow road"));
  await row("By the slow road").waitFor();
});

const ATTACK = 'onerror="alert(1)" src="http://tracker.example/pixel.gif"';
const HOSTILE = [
  `From: "<img ${ATTACK.replaceAll('"', "'")}>" <mallory@evil.example>`,
  `Subject: <img ${ATTACK}><script>alert(2)</script>`,
  ...["MIME-Version: 1.0", 'Content-Type: multipart/mixed; boundary="b"', "", "--b"],
  ...["Content-Type: text/html; charset=utf-8", ""],
  '<html><head><meta http-equiv="refresh" content="0;url=http://tracker.example/away">',
  '<link rel="stylesheet" href="http://tracker.example/a.css"><base href="http://tracker.example/">',
  "<style>@import url(http://tracker.example/b.css); body { background: url(http://tracker.example/c.png) }</style>",
  `</head><body onload="alert(3)"><p>You have won a boat.</p><img ${ATTACK}><svg onload="alert(4)"></svg>`,
  '<iframe src="http://tracker.example/frame"></iframe><script>alert(5)</script>',
  '<form action="http://tracker.example/form"><input name="password" autofocus onfocus="alert(6)"></form>',
  ...["</body></html>", "--b", "Content-Type: text/html"],
  'Content-Disposition: attachment; filename="<img src=x onerror=alert(7)>.html"',
  ...["", "<script>alert(8)</script>", "--b--"],
];

it("shows hostile HTML as what is left of it, in a frame that nothing leaves", async () => {
  await signIn(page, "alice@mesh.test");
  await mailTo("alice@mesh.test", HOSTILE, "mallory@evil.example");
  // Where mail of this kind is put.
  await page.getByRole("link", { name: "Junk" }).click();
  await row("<script>alert(2)</script>").click();
  const letter = opened().frameLocator("iframe").frameLocator("iframe");
  await letter.getByText("You have won a boat.").waitFor();
  expect(await letter.locator("iframe, script, link, svg, form, input, base, meta").count()).toBe(0);
  const made = opened().locator("img, script, style, link, svg, form, input, base, meta");
  expect(await made.count()).toBe(0);

  const attachment = opened().getByRole("list", { name: "Attachments" }).getByRole("link");
  await attachment.scrollIntoViewIfNeeded();
  // The browser hears late that the frame has moved, and until then takes a click for the frame's.
  await page.waitForTimeout(500);
  const [download] = await Promise.all([page.waitForEvent("download"), attachment.click()]);
  expect(await readFile(await download.path(), "utf8")).toBe("<script>alert(8)</script>");
  // Time for whatever would still happen.
  await page.waitForTimeout(500);
  expect(page.url().startsWith(service.url)).toBe(true);
});

it("finds a message by the query language and says what it took as words", async () => {
  await mailTo("alice@mesh.test", letter("Harvest supper", "Bring plates and a lantern."));
  await mailTo("alice@mesh.test", letter("Harvest accounts", "The lantern was 12 euros."));
  await signIn(page, "alice@mesh.test");
  await page.getByRole("searchbox").fill("lantern subject:supper");
  await page.getByRole("searchbox").press("Enter");
  await page.getByRole("heading", { name: "Search: lantern subject:supper" }).waitFor();
  await row("Harvest supper").waitFor();
  expect(await page.locator("#messages li").count()).toBe(1);

  await page.getByRole("searchbox").fill("lantern before:supper");
  await page.getByRole("searchbox").press("Enter");
  await page.getByText("Searched as plain words: before:supper").waitFor();
});

it("sends a reply that leaves the mesh as it was written", async () => {
  await signIn(page, "alice@mesh.test");
  await mailTo("alice@mesh.test", letter("A question about the keys", "Who has them?"));
  await row("A question about the keys").click();
  await opened().getByRole("button", { name: "Reply" }).click();
  // Keys that come before the dialog has the keyboard go nowhere.
  await page.getByLabel("Text").and(page.locator(":focus")).waitFor();
  await page.getByLabel("Text").pressSequentially("I have them.\n\nSee you at six – Älice");
  await page.getByLabel("Cc").fill('"Reuter, Jonas" <jonas@river.example>, lock@river.example');
  await page.getByRole("button", { name: "Send" }).click();
  await page.getByText("On its way.").waitFor();

  // After the undo window.
  const sent = await eventually(() => inSink("Re: A question about the keys"), 20);
  expect(sent.to).toMatchObject({ value: [{ name: "Ines Carvalho", address: "ines@river.example" }] });
  expect(sent.cc).toMatchObject({
    value: [{ name: "Reuter, Jonas", address: "jonas@river.example" }, { address: "lock@river.example" }],
  });
  expect(sent.inReplyTo).toMatch(/@river\.example>$/);
  expect(sent.text).toMatch(/^I have them\.\n\nSee you at six – Älice\n\nInes Carvalho, .*:\n> Who has them\?\n/);

  // And what became of it can be seen.
  await page.getByRole("link", { name: "Sent" }).click();
  await row("Re: A question about the keys").click();
  await opened().getByText("ines@river.example: sent").waitFor();
});

async function inSink(subject: string): Promise<ParsedMail | undefined> {
  const folder = join(service.state, "sink");
  const files = (await readdir(folder)).filter((name) => name.endsWith(".eml"));
  const mails = await Promise.all(files.map(async (name) => simpleParser(await readFile(join(folder, name)))));
  return mails.find((mail) => mail.subject === subject);
}

it("says what is wrong with a message that cannot be sent, and keeps it", async () => {
  await signIn(page, "alice@mesh.test");
  await page.getByRole("button", { name: "Write" }).click();
  await page.getByLabel("Text").fill("A long letter.");
  await page.evaluate("addEventListener('unhandledrejection', (event) => console.error(event.reason))");
  await page.getByRole("button", { name: "Close" }).click();
  await page.getByRole("button", { name: "Write" }).click();
  expect(await page.getByLabel("Text").inputValue()).toBe("A long letter.");
  await page.getByRole("button", { name: "Send" }).click();
  await page.getByRole("dialog").getByText("Nobody to send to").waitFor();
  expect(await page.getByLabel("Text").inputValue()).toBe("A long letter.");
  // The browser notes each refusal in its console, as it should.
  expect(current.complaints.splice(0)).toEqual([expect.stringContaining("status of 422")]);
});

it("archives, deletes, and moves back", async () => {
  await mailTo("alice@mesh.test", letter("To be kept"));
  await mailTo("alice@mesh.test", letter("To be thrown away"));
  await signIn(page, "alice@mesh.test");
  await row("To be kept").click();
  await opened().getByRole("button", { name: "Archive" }).click();
  await row("To be kept").waitFor({ state: "detached" });
  await row("To be thrown away").click();
  await opened().getByRole("button", { name: "Delete" }).click();
  await row("To be thrown away").waitFor({ state: "detached" });

  await page.getByRole("link", { name: "Trash" }).click();
  await row("To be thrown away").click();
  await opened().getByRole("button", { name: "Move to inbox" }).click();
  await page.getByRole("link", { name: "Archive" }).click();
  await row("To be kept").waitFor();
  await page.getByRole("link", { name: "Inbox" }).click();
  await row("To be thrown away").waitFor();
});

it("shows fifty messages at a time, and keeps the older ones when a new one comes", async () => {
  for (let n = 1; n <= 60; n++) await mailTo("bob@mesh.test", letter(`Number ${n}.`));
  await signIn(page, "bob@mesh.test");
  const rows = page.locator("#messages li");
  await expect.poll(() => rows.count()).toBe(50);
  await page.getByRole("button", { name: "Older" }).click();
  await expect.poll(() => rows.count()).toBe(60);
  expect(await page.getByRole("button", { name: "Older" }).count()).toBe(0);
  await mailTo("bob@mesh.test", letter("Number 61."));
  await row("Number 61.").waitFor();
  expect(await rows.count()).toBe(61);
});

it("works on a phone, by keyboard alone", async () => {
  await page.setViewportSize({ width: 375, height: 700 });
  await mailTo(
    "alice@mesh.test",
    letter(`Narrow ${"street".repeat(20)}`, `${"https://long.example/".repeat(9)}\n\nEnd.`),
  );
  await page.getByLabel("Address").focus();
  await page.keyboard.type("alice@mesh.test");
  await page.keyboard.press("Tab");
  await page.keyboard.type("not the password");
  await page.keyboard.press("Enter");
  await page.getByText("The address or the password is wrong.").waitFor();
  expect(current.complaints.splice(0)).toEqual([expect.stringContaining("status of 401")]);
  await signIn(page, "alice@mesh.test");

  await row("Narrow").focus();
  const fits = "document.documentElement.scrollWidth <= innerWidth";
  expect(await page.evaluate(fits)).toBe(true);
  await page.keyboard.press("Enter");
  await opened().getByText("End.").waitFor();
  expect(await page.evaluate(fits)).toBe(true);
  expect(await row("Narrow").isVisible()).toBe(false);
  await opened().getByRole("link", { name: "Back to the list" }).press("Enter");
  await row("Narrow").waitFor();
  await page.goBack();
  await opened().getByText("End.").waitFor();
});

it("leaves the keyboard where it is when another device changes the message that is open", async () => {
  await mailTo("alice@mesh.test", letter("Held", "End."));
  await signIn(page, "alice@mesh.test");
  await row("Held").press("Enter");
  await opened().getByText("End.").waitFor();
  const { token } = await logIn(service, "alice@mesh.test");
  const inbox = await folderOf(service, token, "inbox");
  const newest = `/v1/folders/${inbox.id}/messages?limit=1`;
  const isRead = async () => (await call(service, "GET", newest, { token })).json(MessagePage).messages[0]?.is_read;
  await expect.poll(isRead).toBe(true);
  await opened().getByRole("button", { name: "Reply" }).focus();
  await page.evaluate("void (window.before = document.querySelector('#subject'))");
  const [message] = (await call(service, "GET", newest, { token })).json(MessagePage).messages;
  await call(service, "PATCH", `/v1/messages/${message?.id}`, { token, body: { is_flagged: true } });
  const isDrawn = () => page.evaluate("window.before !== document.querySelector('#subject')");
  await expect.poll(isDrawn).toBe(true);
  expect(await page.evaluate("document.activeElement.textContent")).toBe("Reply");
});

it("lets in an address that is not ASCII", async () => {
  await admin(service, "create-account", "jürgen@mesh.test", "--password", PASSWORD);
  await signIn(page, "jürgen@mesh.test");
});

it("keeps the login where no script can read it, and ends it on signing out", async () => {
  const answer = await page.goto("/");
  expect(answer?.headers()).toMatchObject({
    "content-security-policy": expect.stringContaining("default-src 'none'; script-src 'self'"),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
  });
  await signIn(page, "alice@mesh.test");
  const [cookie] = await page.context().cookies();
  expect(cookie).toMatchObject({ name: "__Host-mailmesh", httpOnly: true, secure: true, sameSite: "Strict" });
  const readable = await page.evaluate("JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])");
  expect(readable).toBe('[{"mailmesh.address":"alice@mesh.test"},{},""]');
  await page.reload();
  await page.getByRole("heading", { name: "Inbox" }).waitFor();
  await page.getByRole("link", { name: "Sent" }).click();
  await page.getByRole("heading", { name: "Sent" }).waitFor();

  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByRole("button", { name: "Sign in" }).waitFor();
  expect(await page.context().cookies()).toEqual([]);
  expect((await call(service, "GET", "/v1/folders", { token: cookie?.value ?? "" })).status).toBe(401);
  await page.goBack();
  await page.getByRole("button", { name: "Sign in" }).waitFor();
  expect(await row("").count()).toBe(0);
});

it("gives an attachment to nobody who is not signed in", async () => {
  await mailTo("alice@mesh.test", HOSTILE, "mallory@evil.example");
  const { token } = await logIn(service, "alice@mesh.test");
  const junk = await folderOf(service, token, "junk");
  const list = await call(service, "GET", `/v1/folders/${junk.id}/messages`, { token });
  const { id } = list.json(MessagePage).messages.find(({ has_attachment }) => has_attachment) ?? { id: "" };
  const path = `/v1/messages/${id}/attachments/0`;
  expect((await call(service, "GET", path, { token })).status).toBe(200);
  expect((await call(service, "GET", path)).status).toBe(401);
});
