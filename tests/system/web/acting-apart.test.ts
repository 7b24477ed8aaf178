/** What is done to messages while the network is gone, in several tabs and on several devices: once, in order, and all of it. */
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { z } from "zod";
import { Folder, type FolderRole } from "../../../contract/folders.ts";
import { callAs, excuse, leaveOffline, mail, messagesIn, openTab, page, row, rows, setStage } from "./stage.ts";

const ALICE = "alice@mesh.test";
setStage({ signedInAs: ALICE });

const subjectsIn = async (email: string, role: FolderRole): Promise<string[]> =>
  (await messagesIn(email, role)).map(({ subject }) => subject);

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
  await page.getByRole("dialog").waitFor({ state: "detached" });
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
