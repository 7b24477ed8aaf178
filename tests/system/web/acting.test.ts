import { expect, it } from "vitest";
import type { FolderRole } from "../../../contract/folders.ts";
import { type MessageSummary, Thread } from "../../../contract/messages.ts";
import { callAs, enterAs, excuse, mail, messagesIn, opened, page, row, rows, setStage } from "./stage.ts";

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

it("has buttons for all of an opened conversation, and a menu at each of its messages", async () => {
  const name = `<${crypto.randomUUID()}@river.example>`;
  await mail("Of three", "The first.", { fields: [`Message-ID: ${name}`] });
  for (const text of ["The second.", "The third."])
    await mail("Re: Of three", text, { fields: [`In-Reply-To: ${name}`] });
  const whole = opened().getByRole("toolbar", { name: "The whole conversation" });
  const count = async (role: FolderRole) =>
    (await subjectsIn(ALICE, role)).filter((subject) => subject.endsWith("Of three")).length;
  await row("Of three").getByText("The third.").waitFor();
  await row("Of three").click();

  const second = opened().getByRole("region").filter({ hasText: "The second." });
  await second.getByRole("button", { name: "More", exact: true }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await second.waitFor({ state: "detached" });
  // The others are still there to be read.
  await opened().getByText("The third.").waitFor();
  await expect.poll(() => count("trash")).toBe(1);

  await whole.getByRole("button", { name: "Archive" }).click();
  await row("Of three").waitFor({ state: "detached" });
  await expect.poll(() => count("archive")).toBe(2);
  await page.keyboard.press("z");
  await row("Of three").click();
  await whole.getByRole("button", { name: "More" }).click();
  await page.getByRole("menuitem", { name: "Mute the conversation" }).click();
  await opened().getByRole("button", { name: "Muted" }).waitFor();
  await row("Of three").waitFor({ state: "detached" });
  await whole.getByRole("button", { name: "Delete" }).click();
  // The one that was there before is not deleted for good with the others.
  await expect.poll(() => count("trash")).toBe(3);
});

it("deletes nothing of a conversation for good where all mail is shown", async () => {
  const name = `<${crypto.randomUUID()}@river.example>`;
  await mail("Found whole", "The first pelican.", { fields: [`Message-ID: ${name}`] });
  for (const which of ["second", "third"])
    await mail("Re: Found whole", `The ${which} pelican.`, { fields: [`In-Reply-To: ${name}`] });
  const thrown = await inInbox("Found whole");
  await callAs(ALICE, "DELETE", `/messages/${thrown?.id}`);
  await page.goto("/in/all");
  await row("Found whole").focus();
  await page.keyboard.press("#");
  const inTrash = async () => (await subjectsIn(ALICE, "trash")).filter((subject) => subject.endsWith("Found whole"));
  await expect.poll(inTrash).toHaveLength(3);
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
  // Counted by the server, which cannot be asked below.
  await expect.poll(() => page.title()).toBe("(101) Mailmesh");

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
