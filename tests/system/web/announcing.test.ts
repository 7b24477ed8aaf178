/** What is said to who does not see the screen, and shown to who looks elsewhere: screen reader announcements, notifications. */
import type { Page, WebSocketRoute } from "playwright-core";
import { expect, it } from "vitest";
import { Settings } from "../../../contract/settings.ts";
import { callAs, current, enterAs, excuse, mail, opened, page, row, setStage } from "./stage.ts";

const ALICE = "alice@mesh.test";
const BOB = "bob@mesh.test";
setStage({ signedInAs: ALICE, isWhole: true });

const JONAS = "Jonas <jonas@river.example>";
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
  await page.reload();
  await page.getByRole("heading", { name: "Inbox" }).waitFor();
  const said = await listen();
  await mail("Boat", "Hello", { from: JONAS });
  await mail("Tea");
  await expect.poll(async () => (await said()).at(-1), SOON).toBe("2 new messages, the newest from Ines Carvalho.");

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
  await row("Tea").focus();
  await page.keyboard.press("e");
  const notices = page.getByRole("region", { name: "Notices" });
  await notices.getByText("Archived").waitFor();
  expect(await notices.getAttribute("aria-live")).toBe("polite");

  // What happens together would be said together.
  await expect.poll(async () => (await said()).at(-1), SOON).toMatch(/^Inbox: /);
  await current.context.setOffline(true);
  await sockets.at(-1)?.close();
  await expect.poll(async () => (await said()).at(-1), SOON).toBe("Not connected. What you see may be old.");
  await current.context.setOffline(false);
  await expect.poll(async () => (await said()).at(-1), SOON).toBe("Connected again.");
  expect((await said()).filter((text) => text.includes("new message"))).toHaveLength(1);
  excuse(/ERR_INTERNET_DISCONNECTED|WebSocket/);
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
  await page.goto("/settings");
  await page.getByLabel("Notifications of new mail").click();
  await expect.poll(async () => (await callAs(ALICE, "GET", "/settings")).json(Settings).notifications).toBe(true);
  const bills = { name: "Bills", conditions: { query: "subject:bill" }, actions: { is_read: true } };
  await callAs(ALICE, "POST", "/filters", bills);
  const other = await current.open();
  await other.getByRole("heading", { name: "Inbox" }).waitFor();
  const shown = async () => [...(await shownOn(page)), ...(await shownOn(other))];

  // Looked at in one of both.
  await lookAt(page, false);
  await mail("Seen as it comes");
  await other.getByRole("status").filter({ hasText: "New message from Ines Carvalho: Seen as it comes" }).waitFor();
  await lookAt(other, false);
  await mail("Nobody looks", "Hello", { from: JONAS });
  await expect.poll(shown, SOON).toEqual([["Jonas", "Nobody looks"]]);

  // A rule marks the first, and the second is from herself.
  await mail("The bill");
  await mail("To myself", "Hello", { from: ALICE });
  await mail("Ropes", "Hello", { from: JONAS });
  await mail("Oars");
  await expect.poll(shown, SOON).toHaveLength(2);
  expect((await shown())[1]).toEqual(["2 new messages", "Ines Carvalho: Oars\nJonas: Ropes"]);

  await page.evaluate("shown[0].onclick()");
  await opened().getByRole("heading", { name: "Nobody looks" }).waitFor();
});

it("says what to do where the browser refuses", async () => {
  await enterAs(BOB);
  await current.context.addInitScript(`
    Object.defineProperty(Notification, "permission", { value: "denied" });
    Notification.requestPermission = async () => "denied";
  `);
  await page.goto("/settings");
  const onOff = page.getByLabel("Notifications of new mail");
  await onOff.click();
  await page.getByRole("region", { name: "Notices" }).getByText("This browser blocks notifications").waitFor();
  expect(await onOff.isChecked()).toBe(false);
  expect((await callAs(BOB, "GET", "/settings")).json(Settings).notifications).toBe(false);
  await page.getByText("Allow them where it keeps permissions").first().waitFor();
});
