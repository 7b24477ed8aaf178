/** How somebody wants the screen: chosen in one browser, and so in the other at once. */
import { expect, it } from "vitest";
import { aPicture, compose } from "./reading-mail.ts";
import { enterAs, mail, type opened, page, row, rows, setStage, smtp, visitAs } from "./stage.ts";

const ALICE = "alice@mesh.test";
const BOB = "bob@mesh.test";
setStage({ signedInAs: ALICE, viewport: { width: 1280, height: 800 } });

const open = (section: string) => page.goto(`/settings/${section}`);

const choose = (label: string, option: string) =>
  page.getByLabel(label, { exact: true }).selectOption({ label: option });

const boxOf = async (what: ReturnType<typeof opened>) => {
  const box = await what.boundingBox();
  if (box === null) throw new Error("it is not on the screen");
  return { ...box, right: box.x + box.width, bottom: box.y + box.height };
};

it("has the reading pane beside the list, below it, or instead of it", async () => {
  await mail("Where is it read?");
  const other = await visitAs(ALICE, { viewport: { width: 1280, height: 800 } });
  const list = other.page.locator("#messages");
  const pane = other.page.getByRole("main");
  await row("Where is it read?", other.page).click();
  await pane.getByText("Nothing much.").waitFor();
  expect((await boxOf(pane)).x).toBeGreaterThanOrEqual((await boxOf(list)).right);

  await open("general");
  await choose("Reading pane", "Below the list");
  await expect.poll(async () => (await boxOf(pane)).y).toBeGreaterThan(300);
  expect((await boxOf(pane)).x).toBeLessThan((await boxOf(list)).right);

  await choose("Reading pane", "Off");
  await list.waitFor({ state: "hidden" });
  await pane.getByText("Nothing much.").waitFor();
  await other.page.goBack();
  await row("Where is it read?", other.page).waitFor();
  await other.close();
});

it("shows conversations or each message, and more of them on a screen", async () => {
  const fields = ["Message-ID: <ferry@river.example>"];
  await mail("Two of a kind", "One.", { fields });
  await mail("Re: Two of a kind", "Two.", { fields: ["References: <ferry@river.example>"] });
  const both = rows().filter({ hasText: "Two of a kind" });
  await both.getByText("2", { exact: true }).waitFor();
  expect(await both.count()).toBe(1);
  const { height } = await boxOf(both.first());

  await open("general");
  await page.getByLabel("Group messages into conversations").uncheck();
  await choose("Density of lists", "Compact");
  await page.getByRole("link", { name: "Inbox" }).click();
  await expect.poll(() => both.count()).toBe(2);
  expect((await boxOf(both.first())).height).toBeLessThan(height * 0.7);
});

it("speaks another language at once, here and in the other browser", async () => {
  await enterAs(BOB);
  const other = await visitAs(BOB);
  await open("general");
  await choose("Language", "Deutsch");
  await page.getByRole("heading", { name: "Einstellungen" }).waitFor();
  expect(await page.getAttribute("html", "lang")).toBe("de");
  await other.page.getByRole("heading", { name: "Posteingang" }).waitFor();
  await choose("Sprache", "中文");
  await other.page.getByRole("heading", { name: "收件箱" }).waitFor();
  await other.close();
});

it("shows what takes the room, by year, by folder and by type", async () => {
  const picture = { filename: "weir.png", content: aPicture(600) };
  const date = new Date("2021-05-05T10:00:00Z");
  const message = await compose({ subject: "An old picture", text: "Look.", date, attachments: [picture] });
  await smtp.send("ines@river.example", [ALICE], message);
  await row("An old picture").waitFor();
  await open("storage");
  await page.getByRole("meter", { name: "Storage" }).waitFor();
  const share = (heading: string, name: string) =>
    page
      .locator("section", { has: page.getByRole("heading", { name: heading }) })
      .getByRole("listitem")
      .filter({ hasText: name })
      .getByText(/^[\d.]+ (?:byte|kB|MB)/);
  await share("By folder", "Inbox").waitFor();
  await share("By year", String(new Date().getUTCFullYear())).waitFor();
  await share("Attachments by type", "Pictures").waitFor();
});
