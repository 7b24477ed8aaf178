/** Lists that live: new mail, and what is done elsewhere, in a real browser on the whole service. */
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { Folder } from "../../../contract/folders.ts";
import { callAs, enterAs, leave, mail, messagesIn, opened, page, row, rows, setStage, visitAs } from "./stage.ts";

const ALICE = "alice@mesh.test";
const BOB = "bob@mesh.test";
setStage({ signedInAs: ALICE });

const folder = (name: string) =>
  page.getByRole("navigation", { name: "Folders" }).getByRole("link", { name, exact: true });

/** Milliseconds. The best of five, since other programs are busy beside this one; bench/web.ts says what people wait for. */
async function expectUnderASecond(attempt: (n: number) => Promise<number>): Promise<void> {
  const took: number[] = [];
  while (took.length < 5 && !took.some((ms) => ms < 1000)) took.push(await attempt(took.length + 1));
  expect(Math.min(...took)).toBeLessThan(1000);
}

it("shows a new message within a second, and opens it", async () => {
  // What comes before the list is fetched is in it.
  await page.locator("#messages[aria-busy=false]").waitFor({ state: "attached" });
  await expectUnderASecond(async (n) => {
    await mail(`The ferry is late by ${n}`, `It leaves at half past ${n}.`);
    const acknowledged = Date.now();
    await row(`The ferry is late by ${n}`).waitFor();
    const took = Date.now() - acknowledged;
    await expect.poll(() => page.title()).toBe("(1) Mailmesh");
    await folder("Inbox 1 unread").waitFor();

    await row(`The ferry is late by ${n}`).click();
    await opened().getByText(`It leaves at half past ${n}.`).waitFor();
    // Opening it marked it as read, and the service says so to every page.
    await expect.poll(() => page.title()).toBe("Mailmesh");
    await folder("Inbox").waitFor();
    expect(await row("Unread: Ines Carvalho").count()).toBe(0);
    return took;
  });
});

it("goes on without WebSockets, by long poll", async () => {
  await page.routeWebSocket("**/v1/events**", (socket) => socket.close());
  // The socket that is open already would stay so.
  const polls = page.waitForRequest(/\/v1\/changes\?.*wait=/);
  await page.reload();
  await polls;
  await mail("By the slow road");
  await row("By the slow road").waitFor();
});

it("notices that a connection is dead although nobody says so, and catches up", async () => {
  // A busy machine may have made a second one by then.
  let sockets = 0;
  let dead = 0;
  await page.routeWebSocket("**/v1/events**", (socket) => {
    sockets += 1;
    const own = sockets;
    const carries = () => own > dead;
    const server = socket.connectToServer();
    socket.onMessage((message) => carries() && server.send(message));
    server.onMessage((message) => carries() && socket.send(message));
  });
  await page.reload();
  await mail("While it carried");
  await row("While it carried").waitFor();
  // As after a sleep: the page hears nothing, not even that it is cut off.
  dead = sockets;
  await mail("Into a dead connection");
  await page.waitForTimeout(500);
  expect(await row("Into a dead connection").count()).toBe(0);
  await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))");
  await row("Into a dead connection").waitFor();
  expect(sockets).toBeGreaterThan(dead);
});

it("shows two browsers on one account the same, in under a second", async () => {
  await mail("Seen from two sides");
  const other = await visitAs(ALICE);
  await row("Seen from two sides", other.page).waitFor();
  const star = (on: Page) =>
    rows(on).filter({ hasText: "Seen from two sides" }).getByRole("button", { name: "Star", exact: true });
  const seen = rows(other.page).filter({ hasText: "Seen from two sides" }).getByRole("button", { name: "Star" });
  await expectUnderASecond(async (n) => {
    await star(page).click();
    const began = Date.now();
    await other.page.waitForFunction(([element, pressed]) => element?.getAttribute("aria-pressed") === pressed, [
      await seen.elementHandle(),
      n % 2 === 1 ? "true" : "false",
    ] as const);
    return Date.now() - began;
  });
  await row("Seen from two sides").click();
  await opened().getByRole("button", { name: "Archive" }).click();
  await row("Seen from two sides", other.page).waitFor({ state: "detached" });
  await leave(other);
});

it("shows of an opened conversation what another device makes of it, and goes on from there", async () => {
  const name = `<${crypto.randomUUID()}@river.example>`;
  await mail("The regatta", "Who rows?", { fields: [`Message-ID: ${name}`] });
  await mail("Re: The regatta", "I do.", { fields: [`In-Reply-To: ${name}`] });
  await row("The regatta").getByText("I do.").waitFor();
  await row("The regatta").click();
  await opened().getByText("Who rows?").waitFor();
  await opened().getByText("I do.").waitFor();
  const inInbox = async () => (await messagesIn(ALICE, "inbox")).filter(({ subject }) => subject.endsWith("regatta"));
  await expect.poll(async () => (await inInbox()).map(({ is_read }) => is_read)).toEqual([true, true]);

  const [answer, question] = await inInbox();
  const { id: label } = (await callAs(ALICE, "POST", "/folders", { name: "Rowing" })).json(Folder);
  const folder_ids = [...(answer?.folder_ids ?? []), label];
  await callAs(ALICE, "PATCH", `/messages/${answer?.id}`, { folder_ids });
  await callAs(ALICE, "DELETE", `/messages/${question?.id}`);
  await opened().getByText("Who rows?").waitFor({ state: "detached" });
  await row("The regatta").focus();
  await page.keyboard.press("e");
  await row("The regatta").waitFor({ state: "detached" });
  const archived = async () =>
    (await messagesIn(ALICE, "archive")).filter(({ subject }) => subject.endsWith("regatta"));
  await expect.poll(async () => (await archived()).map(({ id }) => id)).toEqual([answer?.id]);
  expect((await archived())[0]?.folder_ids).toContain(label);
});

it("scrolls through all there is, and stays where it is when mail comes in", async () => {
  for (let n = 1; n <= 130; n++) await mail(`Number ${n}.`, undefined, { to: BOB });
  await enterAs(BOB);
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
  await mail("Number 131.", undefined, { to: BOB });
  await expect.poll(() => scroller.evaluate((element) => Math.round(element.scrollTop / 72))).toBe(61);
  expect((await middle.boundingBox())?.y).toBe(before?.y);
  await scrollTo(0);
  await row("Number 131.").waitFor();
  // And a change far from what is in view.
  const messages = await messagesIn(BOB, "inbox");
  await scrollTo(131 * 72);
  await row("Number 1.").waitFor();
  const ids = messages.slice(10, 40).map(({ id }) => id);
  await callAs(BOB, "POST", "/messages/batch", { ids, delete: true });
  await expect.poll(() => page.locator("#messages").getAttribute("style")).toContain(`${101 * 72}px`);
  expect(await row("Number 1.").isVisible()).toBe(true);
});
