/** What is said to who does not see the screen, and shown to who looks elsewhere: screen reader announcements, notifications. */
import type { Browser, Page, WebSocketRoute } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { Settings } from "../../../contract/settings.ts";
import { call, logIn, type Service, startService } from "../../support/service.ts";
import { connectSmtp, type SmtpClient } from "../../support/smtp-client.ts";
import { launchChromium, signIn, type Visit, visit } from "../chromium.ts";

let service: Service;
let smtp: SmtpClient;
let browser: Browser;
let current: Visit;
let page: Page;
let token: string;

beforeAll(async () => {
  service = await startService();
  [smtp, browser] = await Promise.all([connectSmtp(service.smtp), launchChromium()]);
  ({ token } = await logIn(service, "alice@mesh.test"));
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
});

const mail = (from: string, subject: string, header = "X-None: none") =>
  smtp.send(
    from,
    ["alice@mesh.test"],
    Buffer.from(
      `From: ${from.split("@")[0]} <${from}>\r\nTo: alice@mesh.test\r\nSubject: ${subject}\r\n${header}\r\nMessage-ID: <${crypto.randomUUID()}@river.example>\r\n\r\nHello\r\n`,
    ),
  );

const SOON = { timeout: 10_000 };

const LISTEN = `
  globalThis.said = [];
  const region = document.querySelector('[role="status"][aria-live="polite"]');
  const hear = () => region.textContent && said.push(region.textContent);
  new MutationObserver(hear).observe(region, { childList: true, subtree: true, characterData: true });
`;

/** All that the live region has said since. */
async function listen(): Promise<() => Promise<string[]>> {
  await page.evaluate(LISTEN);
  return () => page.evaluate("said");
}

it("says what came in, what was found, what was done, and that the network is gone and back", async () => {
  const sockets: WebSocketRoute[] = [];
  await page.routeWebSocket("**/v1/events**", (socket) => {
    socket.connectToServer();
    sockets.push(socket);
  });
  await signIn(page, "alice@mesh.test");
  const said = await listen();
  await mail("jonas@river.example", "Boat");
  await mail("ines@river.example", "Tea");
  await expect.poll(async () => (await said()).at(-1), SOON).toBe("2 new messages, the newest from ines.");

  await page.getByRole("combobox", { name: "Search" }).fill("boat");
  await page.keyboard.press("Enter");
  await expect.poll(async () => (await said()).at(-1), SOON).toBe("1 message found.");
  await page.getByRole("combobox", { name: "Search" }).fill("zeppelin");
  await page.keyboard.press("Enter");
  await expect.poll(async () => (await said()).at(-1), SOON).toBe("Nothing was found.");
  await page.getByRole("link", { name: "Archive" }).click();
  await expect.poll(async () => (await said()).at(-1), SOON).toBe("Archive: 0 messages.");

  // Of an action its notice, in a region of its own.
  await page.getByRole("link", { name: "Inbox" }).click();
  await page.locator("#messages").getByRole("link", { name: "Tea" }).focus();
  await page.keyboard.press("e");
  const notices = page.getByRole("region", { name: "Notices" });
  await notices.getByText("Archived").waitFor();
  expect(await notices.getAttribute("aria-live")).toBe("polite");

  await current.context.setOffline(true);
  await sockets.at(-1)?.close();
  await expect.poll(async () => (await said()).at(-1), SOON).toBe("Not connected. What you see may be old.");
  await current.context.setOffline(false);
  await expect.poll(async () => (await said()).at(-1), SOON).toBe("Connected again.");
  expect((await said()).filter((text) => text.includes("new message"))).toHaveLength(1);
  current.complaints.splice(0);
});

/** Records what the browser was told to show, on each page of the profile; whether a page is looked at says the test. */
const RECORD = `
  globalThis.shown = [];
  globalThis.isLookedAt = true;
  document.hasFocus = () => isLookedAt;
  Notification = new Proxy(Notification, {
    construct(Real, [title, options]) {
      const made = new Real(title, options);
      shown.push(made);
      return made;
    },
  });
`;
const shownOn = (on: Page): Promise<[string, string][]> => on.evaluate("shown.map(({ title, body }) => [title, body])");
const lookAt = (on: Page, isLookedAt: boolean) =>
  on.evaluate(`isLookedAt = ${isLookedAt}; dispatchEvent(new Event(isLookedAt ? "focus" : "blur"))`);

it("shows new mail once while nobody looks, together what comes together, and opens it upon a click", async () => {
  await current.context.grantPermissions(["notifications"]);
  await current.context.addInitScript(RECORD);
  await page.reload();
  await signIn(page, "alice@mesh.test");
  await page.goto("/settings");
  await page.getByLabel("Notifications of new mail").click();
  await expect
    .poll(async () => (await call(service, "GET", "/v1/settings", { token })).json(Settings).notifications)
    .toBe(true);
  await call(service, "POST", "/v1/filters", {
    token,
    body: { name: "Bills", conditions: { query: "subject:bill" }, actions: { is_read: true } },
  });
  const other = await current.open();
  await other.getByRole("heading", { name: "Inbox" }).waitFor();
  const shown = async () => [...(await shownOn(page)), ...(await shownOn(other))];

  // Looked at in one of both.
  await lookAt(page, false);
  await mail("ines@river.example", "Seen as it comes");
  await other.getByRole("status").filter({ hasText: "New message from ines: Seen as it comes" }).waitFor();
  await lookAt(other, false);
  await mail("jonas@river.example", "Nobody looks");
  await expect.poll(shown, SOON).toEqual([["jonas", "Nobody looks"]]);

  // A rule marks the first, and the second is from herself.
  await mail("shop@river.example", "The bill");
  await mail("alice@mesh.test", "To myself");
  await mail("jonas@river.example", "Ropes");
  await mail("ines@river.example", "Oars");
  await expect.poll(shown, SOON).toHaveLength(2);
  expect((await shown())[1]).toEqual(["2 new messages", "ines: Oars\njonas: Ropes"]);

  await page.evaluate("shown[0].onclick()");
  await page.getByRole("main").getByRole("heading", { name: "Nobody looks" }).waitFor();
});

it("says what to do where the browser refuses", async () => {
  await current.context.addInitScript(`
    Object.defineProperty(Notification, "permission", { value: "denied" });
    Notification.requestPermission = async () => "denied";
  `);
  await page.reload();
  await signIn(page, "bob@mesh.test");
  await page.goto("/settings");
  const onOff = page.getByLabel("Notifications of new mail");
  await onOff.click();
  await page.getByRole("region", { name: "Notices" }).getByText("This browser blocks notifications").waitFor();
  expect(await onOff.isChecked()).toBe(false);
  await page.getByText("Allow them where it keeps permissions").first().waitFor();
});
