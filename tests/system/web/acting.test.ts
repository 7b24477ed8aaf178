/** What is done with messages, in a real browser on the whole service. */
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { z } from "zod";
import { Folder, type FolderRole } from "../../../contract/folders.ts";
import { type MessageSummary, Thread } from "../../../contract/messages.ts";
import {
  callAs,
  enterAs,
  excuse,
  leaveOffline,
  mail,
  messagesIn,
  opened,
  openTab,
  page,
  row,
  rows,
  setStage,
} from "./stage.ts";

const ALICE = "alice@mesh.test";
const BOB = "bob@mesh.test";
setStage({ signedInAs: ALICE });

const subjectsIn = async (email: string, role: FolderRole): Promise<string[]> =>
  (await messagesIn(email, role)).map(({ subject }) => subject);

/** One of the inbox, as the server has it. */
const inInbox = async (subject: string): Promise<MessageSummary | undefined> =>
  (await messagesIn(ALICE, "inbox")).find((message) => message.subject === subject);

const folder = (name: string) => page.getByRole("navigation").getByRole("link", { name });

it("archives, deletes, and moves back", async () => {
  await mail("To be kept");
  await mail("To be thrown away");
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

it("does by keys what Gmail does by them, and takes it back", async () => {
  for (const subject of ["Third", "Second", "First"]) await mail(`Key ${subject}`);
  const press = async (...keys: string[]) => {
    for (const key of keys) await page.keyboard.press(key);
  };
  await row("Key First").waitFor();
  await press("j", "j", "x", "j", "x");
  await page.getByRole("toolbar").getByText("2 selected").waitFor();
  await press("e");
  await expect.poll(() => rows().filter({ hasText: "Key" }).count()).toBe(1);
  await page.getByText("Archived.").waitFor();
  await press("z");
  await expect.poll(() => rows().filter({ hasText: "Key" }).allInnerTexts()).toHaveLength(3);
  expect((await rows().allInnerTexts()).slice(0, 3).map((text) => /Key \w+/.exec(text)?.[0])).toEqual([
    ...["Key First", "Key Second", "Key Third"],
  ]);

  // The row that the keyboard is at: starred, read, unread, and opened. Here at once, and so at the server.
  await row("Key Second").focus();
  const second = () => inInbox("Key Second");
  await press("s");
  const star = rows().filter({ hasText: "Key Second" }).getByRole("button", { name: "Star" });
  await expect.poll(() => star.getAttribute("aria-pressed")).toBe("true");
  await expect.poll(second).toMatchObject({ is_flagged: true });
  await press("z");
  await expect.poll(() => star.getAttribute("aria-pressed")).toBe("false");
  await press("Shift+I");
  await expect.poll(() => row("Unread: Ines Carvalho Key Second").count()).toBe(0);
  await expect.poll(second).toMatchObject({ is_flagged: false, is_read: true });
  await press("Shift+U");
  await row("Unread: Ines Carvalho Key Second").waitFor();
  await expect.poll(second).toMatchObject({ is_read: false });
  await press("o");
  await opened().getByText("Nothing much.").waitFor();
  await press("#");
  await row("Key Second").waitFor({ state: "detached" });
  expect(new URL(page.url()).pathname).toBe("/in/inbox");
  const talk = (await inInbox("Key First"))?.thread_id;
  const isMuted = async () => (await callAs(ALICE, "GET", `/threads/${talk}`)).json(Thread).is_muted;
  await row("Key First").focus();
  await press("m");
  await row("Key First").waitFor({ state: "detached" });
  await expect.poll(isMuted).toBe(true);
  await press("z");
  await row("Key First").waitFor();
  await expect.poll(isMuted).toBe(false);
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

it("does to a message where it is read what can be done to it in the list, by pointer alone", async () => {
  for (const subject of ["kept unread", "filed", "put off", "reported"]) await mail(`To be ${subject}`);
  const choose = async (subject: string, verb: string) => {
    await row(subject).click();
    await opened().getByRole("heading", { name: subject }).waitFor();
    await opened().getByRole("button", { name: "More" }).click();
    await page.getByRole("menuitem", { name: verb }).click();
  };
  await choose("To be kept unread", "Star");
  await row("To be kept unread").locator("..").getByRole("button", { name: "Star", pressed: true }).waitFor();
  await choose("To be kept unread", "Mark as unread");
  await opened().getByRole("heading", { name: "To be kept unread" }).waitFor({ state: "detached" });
  const isRead = async () => (await messagesIn(ALICE, "inbox")).find(({ is_flagged }) => is_flagged)?.is_read;
  await expect.poll(isRead).toBe(false);
  await choose("To be filed", "Move to");
  await page.getByRole("option", { name: "Archive" }).click();
  await choose("To be put off", "Snooze");
  await page.getByRole("dialog").getByRole("button", { name: "Tomorrow" }).click();
  await choose("To be reported", "Report as junk");
  for (const subject of ["filed", "put off", "reported"]) await row(`To be ${subject}`).waitFor({ state: "detached" });
  await expect.poll(() => subjectsIn(ALICE, "junk")).toContain("To be reported");
  await expect.poll(() => subjectsIn(ALICE, "archive")).toContain("To be filed");

  // Of a conversation it is that message, as with the buttons beside the menu.
  const id = `<${crypto.randomUUID()}@river.example>`;
  await mail("Two of them", "It began.", { fields: [`Message-ID: ${id}`] });
  await mail("Re: Two of them", "It went on.", { fields: [`In-Reply-To: ${id}`] });
  await row("Two of them").click();
  await opened().getByText("It went on.").waitFor();
  await opened().getByRole("button", { name: "More" }).last().click();
  await page.getByRole("menuitem", { name: "Move to" }).click();
  await page.getByRole("option", { name: "Archive" }).click();
  await expect.poll(() => subjectsIn(ALICE, "archive")).toContain("Re: Two of them");
  expect(await subjectsIn(ALICE, "inbox")).toContain("Two of them");
});

it("says no more that something is done once it is taken back, and takes it back once", async () => {
  await mail("Taken back by a key");
  await mail("Taken back by a button");
  const archive = async (subject: string) => {
    await row(subject).focus();
    await page.keyboard.press("e");
    await row(subject).waitFor({ state: "detached" });
    await page.getByText("Archived.").first().waitFor();
  };
  await archive("Taken back by a key");
  await page.keyboard.press("z");
  await row("Taken back by a key").waitFor();
  await page.getByRole("button", { name: "Undo" }).waitFor({ state: "detached" });
  await archive("Taken back by a key");
  await archive("Taken back by a button");
  await page.getByRole("button", { name: "Undo" }).first().click();
  await row("Taken back by a button").waitFor();
  await page.keyboard.press("z");
  await row("Taken back by a key").waitFor();
});

it("moves to a folder that is made on the way, labels, snoozes, and drops on a folder", async () => {
  for (const subject of ["Moved", "Labelled", "Snoozed", "Dropped"]) await mail(`To be ${subject}`);
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
    .poll(() => subjectsIn(ALICE, "archive"))
    .toEqual(expect.arrayContaining(["To be Moved", "To be Snoozed"]));
  const isSnoozed = async (subject: string) =>
    (await messagesIn(ALICE, "archive")).find((message) => message.subject === subject)?.snoozed_until !== null;
  expect([await isSnoozed("To be Moved"), await isSnoozed("To be Snoozed")]).toEqual([false, true]);
});

it("takes a conversation as a whole, from where it is", async () => {
  const name = `<${crypto.randomUUID()}@river.example>`;
  const answers = { fields: [`In-Reply-To: ${name}`] };
  await mail("The long talk", "It began.", { fields: [`Message-ID: ${name}`] });
  await mail("Re: The long talk", "It was thrown away.", answers);
  const thrown = await inInbox("Re: The long talk");
  await callAs(ALICE, "DELETE", `/messages/${thrown?.id}`);
  await mail("Re: The long talk", "It went on.", answers);
  await row("The long talk").getByText("It went on.").waitFor();
  await row("The long talk").focus();
  await page.keyboard.press("e");
  await row("The long talk").waitFor({ state: "detached" });
  const talk = async (role: FolderRole) =>
    (await subjectsIn(ALICE, role)).filter((subject) => subject.endsWith("The long talk")).length;
  await expect.poll(() => talk("archive")).toBe(2);
  // What was elsewhere stays there.
  expect([await talk("inbox"), await talk("trash")]).toEqual([0, 1]);
  await page.keyboard.press("z");
  await row("The long talk").waitFor();
  await expect.poll(() => talk("inbox")).toBe(2);
  expect(await talk("trash")).toBe(1);
});

it("does it to all that a folder holds, and takes that back too", async () => {
  for (let n = 1; n <= 101; n++) await mail(`Number ${n}.`, undefined, { to: BOB });
  await enterAs(BOB);
  await rows().first().waitFor();
  await page.getByLabel("Select all shown").check();
  await page.getByRole("button", { name: "Select all 101 in “Inbox”" }).click();
  await page.getByRole("toolbar").getByRole("button", { name: "Archive" }).click();
  await expect.poll(() => rows().count()).toBe(0);
  await expect.poll(async () => (await subjectsIn(BOB, "inbox")).length).toBe(0);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect.poll(async () => (await subjectsIn(BOB, "inbox")).length).toBe(100);
  await rows().first().waitFor();

  // What all of them are nobody knows without a network: it says so, and what is selected stays selected.
  await page.context().setOffline(true);
  await page.getByLabel("Select all shown").check();
  await page.getByRole("button", { name: "Select all 101 in “Inbox”" }).click();
  await page.getByRole("toolbar").getByRole("button", { name: "Archive" }).click();
  await page.getByText("This needs a connection").first().waitFor();
  await page.getByText("All in “Inbox” are selected.").waitFor();
  expect(await rows().count()).toBeGreaterThan(0);
  excuse(/ERR_INTERNET_DISCONNECTED|WebSocket/);
});

it("shows what was refused as it was", async () => {
  await mail("Not to be moved");
  await row("Not to be moved").focus();
  await page.route("**/v1/messages/batch", (route) =>
    route.fulfill({ status: 409, json: { title: "Conflict", reason: "conflict", detail: "Not today." } }),
  );
  await page.keyboard.press("e");
  await page.getByText("Not today.").first().waitFor();
  await row("Not to be moved").waitFor();
  expect(await subjectsIn(ALICE, "inbox")).toContain("Not to be moved");
  excuse(/status of 409/);
});

it("loses nothing when the network is gone and the tab is closed", async () => {
  for (const subject of ["Kept", "Thrown", "Read"]) await mail(`Offline ${subject}`);
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
  await leaveOffline();
  expect(await subjectsIn(ALICE, "inbox")).toContain("Offline Kept");
  await context.setOffline(false);
  await openTab();
  await expect.poll(() => subjectsIn(ALICE, "archive")).toContain("Offline Kept");
  await row("Offline Thrown").waitFor();
  expect(await row("Offline Kept").count()).toBe(0);

  await context.route("**/v1/messages/batch", (route) => route.abort("internetdisconnected"));
  await row("Offline Read").focus();
  await page.keyboard.press("e");
  await row("Offline Read").waitFor({ state: "detached" });
  expect(await queued(page)).toBe(1);
  await page.getByRole("button", { name: "Account" }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await page.getByRole("button", { name: "Sign in" }).waitFor();
  expect(await queued(page)).toBe(0);
  excuse(/ERR_INTERNET_DISCONNECTED/);
});

it("does what two tabs did without a network once, and in their order", async () => {
  await mail("Starred thrice");
  await row("Starred thrice").waitFor();
  const first = page;
  await openTab();
  const second = page;
  await row("Starred thrice").waitFor();
  const star = (on: Page) => rows(on).filter({ hasText: "Starred thrice" }).getByRole("button", { name: "Star" });
  const isStarred = (on: Page) => star(on).getAttribute("aria-pressed");
  const asked: string[] = [];
  await first.context().setOffline(true);
  // What a tab has put away the other one shows, and goes on from it.
  for (const [tab, other, pressed] of [
    [first, second, "true"],
    [second, first, "false"],
    [first, second, "true"],
  ] as const) {
    await star(tab).click();
    await expect.poll(() => isStarred(other)).toBe(pressed);
  }
  first.context().on("request", (request) => {
    if (request.url().endsWith("/v1/messages/batch")) asked.push(request.postData() ?? "");
  });
  await first.context().setOffline(false);
  await expect
    .poll(async () => (await messagesIn(ALICE, "flagged")).map(({ subject }) => subject))
    .toEqual(["Starred thrice"]);
  await expect.poll(() => queued(first)).toBe(0);
  await page.waitForTimeout(500);
  expect(asked.map((body) => JSON.parse(body).is_flagged)).toEqual([true, false, true]);
  expect([await isStarred(first), await isStarred(second)]).toEqual(["true", "true"]);
  excuse(/ERR_INTERNET_DISCONNECTED|WebSocket/);
});

it("does what was done before the browser's store was emptied under it", async () => {
  for (const subject of ["Before it", "After it"]) await mail(subject);
  await row("After it").waitFor();
  await page.context().setOffline(true);
  await row("Before it").focus();
  await page.keyboard.press("e");
  await row("Before it").waitFor({ state: "detached" });
  await expect.poll(() => queued(page)).toBe(1);
  const tools = await page.context().newCDPSession(page);
  await tools.send("Storage.clearDataForOrigin", { origin: new URL(page.url()).origin, storageTypes: "indexeddb" });
  await row("After it").focus();
  await page.keyboard.press("e");
  await row("After it").waitFor({ state: "detached" });
  await page.context().setOffline(false);
  await expect.poll(() => subjectsIn(ALICE, "archive")).toEqual(expect.arrayContaining(["Before it", "After it"]));
  excuse(/ERR_INTERNET_DISCONNECTED|WebSocket/);
});

it("undoes nothing of what another device did while the network was gone", async () => {
  const folderIds = new Map<string, string>();
  for (const name of ["Boats", "Tides"])
    folderIds.set((await callAs(ALICE, "POST", "/folders", { name })).json(Folder).id, name);
  const folders = (await callAs(ALICE, "GET", "/folders")).json(z.array(Folder));
  for (const { id, name } of folders) folderIds.set(id, name);
  const subjects = ["Labelled twice", "Labelled and archived", "Archived and labelled"];
  for (const subject of subjects) await mail(subject);
  await row("Archived and labelled").waitFor();
  const messages = await messagesIn(ALICE, "inbox");
  const idOf = (subject: string) => messages.find((one) => one.subject === subject)?.id;
  const whereIs = async (subject: string) =>
    (await callAs(ALICE, "GET", `/messages/${idOf(subject)}`))
      .json(z.object({ folder_ids: z.array(z.string()) }))
      .folder_ids.map((id) => folderIds.get(id))
      .toSorted();

  const label = async (subject: string) => {
    await row(subject).focus();
    await page.keyboard.press("l");
    await page.getByRole("dialog").getByRole("combobox").fill("Boats");
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor({ state: "detached" });
  };
  // What picks folders is fetched when it is needed first.
  await row("Labelled twice").focus();
  await page.keyboard.press("l");
  await page.getByRole("dialog").getByRole("combobox").waitFor();
  await page.keyboard.press("Escape");
  await page.context().setOffline(true);
  await label("Labelled twice");
  await label("Labelled and archived");
  await row("Archived and labelled").focus();
  await page.keyboard.press("e");
  await row("Archived and labelled").waitFor({ state: "detached" });

  const idNamed = (name: string) => [...folderIds].find(([, one]) => one === name)?.[0];
  const elsewhere = (subject: string, ...names: string[]) =>
    callAs(ALICE, "PATCH", `/messages/${idOf(subject)}`, { folder_ids: names.map(idNamed) });
  await elsewhere("Labelled twice", "Inbox", "Tides");
  await elsewhere("Labelled and archived", "Archive");
  await elsewhere("Archived and labelled", "Inbox", "Tides");
  await page.context().setOffline(false);
  await expect.poll(() => whereIs("Archived and labelled")).toEqual(["Archive", "Tides"]);
  expect(await whereIs("Labelled twice")).toEqual(["Boats", "Inbox", "Tides"]);
  expect(await whereIs("Labelled and archived")).toEqual(["Archive", "Boats"]);
  await row("Labelled and archived").waitFor({ state: "detached" });
  await page.keyboard.press("z");
  await expect.poll(() => whereIs("Archived and labelled")).toEqual(["Inbox", "Tides"]);
  excuse(/ERR_INTERNET_DISCONNECTED|WebSocket/);
});

/** Updates that are kept in the browser. */
const queued = (on: Page): Promise<number> =>
  on.evaluate(`new Promise((resolve) => {
    const opening = indexedDB.open("mailmesh-updates");
    opening.onsuccess = () => {
      const asked = opening.result.transaction("updates").objectStore("updates").getAll();
      asked.onsuccess = () => resolve(asked.result.filter(({ step }) => step).length);
    };
  })`);
