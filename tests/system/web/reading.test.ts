/** Reading in the browser client, on the whole service. After each test the page must have behaved. */
import { readFile } from "node:fs/promises";
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

/** Over SMTP, as from outside. */
const mail = (lines: string[], from = "ines@river.example") =>
  smtp.send(from, ["alice@mesh.test"], Buffer.from(`${lines.join("\r\n")}\r\n`));

const head = (subject: string, ...more: string[]) => [
  ...["From: Ines Carvalho <ines@river.example>", "To: alice@mesh.test", `Subject: ${subject}`],
  ...[`Message-ID: <${crypto.randomUUID()}@river.example>`, "MIME-Version: 1.0", ...more],
];
const letter = (subject: string, text: string) => [...head(subject), "", text];

const row = (subject: string) => page.locator("#messages").getByRole("link", { name: subject });
const opened = () => page.getByRole("main");
const frame = () => opened().frameLocator("iframe").frameLocator("iframe");
const downloadOf = async (click: Promise<void>) =>
  readFile(await (await Promise.all([page.waitForEvent("download"), click]))[0].path());

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
  await mail(HOSTILE, "mallory@evil.example");
  // Where mail of this kind is put.
  await page.getByRole("link", { name: "Junk" }).click();
  await row("<script>alert(2)</script>").click();
  await frame().getByText("You have won a boat.").waitFor();
  expect(await frame().locator("iframe, script, link, svg, form, input, base, meta").count()).toBe(0);
  const made = opened().locator("img, script, style, link, form, base, meta");
  expect(await made.count()).toBe(0);

  const attachment = opened().getByRole("list", { name: "Attachments" }).getByRole("link");
  await attachment.scrollIntoViewIfNeeded();
  // The browser hears late that the frame has moved, and until then takes a click for the frame's.
  await page.waitForTimeout(500);
  expect((await downloadOf(attachment.click())).toString()).toBe("<script>alert(8)</script>");
  // Time for whatever would still happen.
  await page.waitForTimeout(500);
  expect(page.url().startsWith(service.url)).toBe(true);

  await opened().getByRole("button", { name: "Why is this in junk?" }).click();
  await page.getByRole("dialog").getByText("From 5 on it is spam").waitFor();
  await page.keyboard.press("Escape");
  await expect.poll(() => page.evaluate("document.activeElement.textContent")).toBe("Why is this in junk?");
});

it("gives an attachment to nobody who is not signed in", async () => {
  await mail(HOSTILE, "mallory@evil.example");
  const { token } = await logIn(service, "alice@mesh.test");
  const junk = await folderOf(service, token, "junk");
  const list = await call(service, "GET", `/v1/folders/${junk.id}/messages`, { token });
  const { id } = list.json(MessagePage).messages.find(({ has_attachment }) => has_attachment) ?? { id: "" };
  const path = `/v1/messages/${id}/attachments/0`;
  expect((await call(service, "GET", path, { token })).status).toBe(200);
  expect((await call(service, "GET", path)).status).toBe(401);
});

it("leaves the keyboard where it is when another device changes the message that is open", async () => {
  await mail(letter("Held", "End."));
  await signIn(page, "alice@mesh.test");
  await row("Held").press("Enter");
  await opened().getByText("End.").waitFor();
  const { token } = await logIn(service, "alice@mesh.test");
  const inbox = await folderOf(service, token, "inbox");
  const newest = `/v1/folders/${inbox.id}/messages?limit=1`;
  const first = async () => (await call(service, "GET", newest, { token })).json(MessagePage).messages[0];
  await expect.poll(async () => (await first())?.is_read).toBe(true);
  await opened().getByRole("button", { name: "Reply", exact: true }).focus();
  const message = await first();
  await call(service, "PATCH", `/v1/messages/${message?.id}`, { token, body: { is_flagged: true } });
  await row("Held").locator("..").getByRole("button", { name: "Star", pressed: true }).waitFor();
  expect(await page.evaluate("document.activeElement.getAttribute('aria-label')")).toBe("Reply");
});

it("is read on a phone, by keyboard alone", async () => {
  await page.setViewportSize({ width: 375, height: 700 });
  await mail(letter(`Narrow ${"street".repeat(20)}`, `${"https://long.example/".repeat(9)}\r\n\r\nEnd.`));
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
