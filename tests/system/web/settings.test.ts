/** Settings in a real browser, on the whole service: what is set is so at the service, and does what it says. */
import { strToU8, zipSync } from "fflate";
import { expect, it } from "vitest";
import { z } from "zod";
import { FilterList } from "../../../contract/filters.ts";
import { IdentityList } from "../../../contract/identities.ts";
import { SenderTreatmentPage } from "../../../contract/sender-treatments.ts";
import { Settings } from "../../../contract/settings.ts";
import { SieveState } from "../../../contract/sieve.ts";
import { TemplateList } from "../../../contract/templates.ts";
import { Vacation } from "../../../contract/vacation.ts";
import { call, eventually, logIn } from "../../support/service.ts";
import { callAs, enterAs, excuse, mail, openTab, page, row, rows, service, setStage } from "./stage.ts";

const ALICE = "alice@mesh.test";
const BOB = "bob@mesh.test";
setStage({ signedInAs: ALICE });

const get = async <T>(path: string, schema: z.ZodType<T>): Promise<T> =>
  (await callAs(ALICE, "GET", path)).json(schema);

/** Behind the button that chooses a file. */
const chooser = () => page.getByRole("region", { name: "Import", exact: true }).locator("input[type=file][multiple]");

const open = (section: string) => page.goto(`/settings/${section}`);

it("offers an import to who has no mail, and reads a zip: what is mail comes, what is not is named", async () => {
  await enterAs(BOB);
  await page.getByRole("heading", { name: "Welcome to your mailbox" }).waitFor();
  await page.getByRole("link", { name: "Bring your mail along" }).click();

  const letter = (n: number) =>
    `From ines@river.example Sat Nov 28 10:00:00 2026\nSubject: Letter ${n}\nMessage-ID: <${n}@river.example>\n\nHello\n\n`;
  const files = {
    "old.mbox": strToU8([1, 2, 3].map(letter).join("")),
    "archive_browser.html": strToU8("<html>No mail</html>"),
  };
  const buffer = Buffer.from(zipSync(files));
  let goOn = () => {};
  const held = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  await page.route("**/parts/0", async (route) => held.then(() => route.continue()));
  await chooser().setInputFiles({ name: "takeout.zip", mimeType: "application/zip", buffer });
  const item = page.getByRole("listitem").filter({ hasText: "takeout.zip" });
  await item.getByRole("progressbar", { name: "Uploading:" }).waitFor();
  goOn();
  await item.getByText("3 messages are new").waitFor();
  await item.getByText("Done", { exact: true }).waitFor();
  await item.getByText("What could not be read").click();
  await item.getByText("archive_browser.html").waitFor();

  // As a folder of the name that the file has in the archive.
  await page.getByRole("navigation", { name: "Folders" }).getByRole("link", { name: /^old/ }).click();
  await row("Letter 3").waitFor();
});

it("goes on with an upload that broke off where it was, and cancels another", async () => {
  await enterAs(BOB);
  await open("import");
  // One long message, in two parts.
  const buffer = Buffer.alloc(5 * 1024 * 1024, `${"x".repeat(63)}\n`);
  buffer.write("From a@far.example Sat Nov 28 10:00:00 2026\nSubject: Long\n\n");
  const file = { name: "broken.mbox", mimeType: "application/mbox", buffer };
  // The second part does not get through, and then the page is closed.
  await page.route("**/parts/1", (route) => route.abort());
  await chooser().setInputFiles(file);
  await page.getByText("Uploading: 80 %").waitFor();
  await page.close();
  await openTab("/settings/import");
  const item = page.getByRole("listitem").filter({ hasText: "broken.mbox" });
  await item.getByText("Upload interrupted").waitFor();
  const sent: string[] = [];
  page.on("request", (request) => sent.push(...(/\/parts\/\d+$/.exec(request.url()) ?? [])));
  await item.locator("input[type=file]").setInputFiles(file);
  await item.getByText("Done", { exact: true }).waitFor();
  expect(sent).toEqual(["/parts/1"]);

  await page.route("**/parts/0", (route) => route.abort());
  await chooser().setInputFiles({ ...file, name: "unwanted.mbox" });
  const unwanted = page.getByRole("listitem").filter({ hasText: "unwanted.mbox" });
  await unwanted.getByRole("progressbar").waitFor();
  await unwanted.getByRole("button", { name: "Cancel" }).click();
  await unwanted.getByText("Cancelled", { exact: true }).waitFor();
  excuse(/net::ERR_FAILED/);
});

it("makes a rule that shows what it would have met, applies it to old mail, and sorts new mail by it", async () => {
  await mail("Invoice of old", "Hello", { from: "shop@river.example" });
  await mail("Tea on Friday");
  await open("rules");
  await page.getByRole("button", { name: "New rule" }).click();
  const dialog = page.getByRole("dialog", { name: "New rule" });
  await dialog.getByLabel("Text").fill("shop");
  const test = dialog.getByRole("region", { name: "What it would have met" });
  await test.getByText("1 of your messages meets it:").waitFor();
  await test.getByText("Invoice of old").waitFor();
  expect(await test.getByText("Tea on Friday").count()).toBe(0);
  // Enter keeps the condition as a part of its own.
  await dialog.getByLabel("Text").press("Enter");
  await dialog.getByText("from:shop").waitFor();
  await dialog.getByLabel("Move to", { exact: true }).selectOption({ label: "Archive" });
  await dialog.getByLabel("Mark as read").check();
  await dialog.getByRole("button", { name: "Save rule" }).click();
  await dialog.waitFor({ state: "detached" });

  const { filters } = await get("/filters", FilterList);
  expect(filters.map(({ conditions, actions }) => [conditions.query, actions.is_read])).toEqual([["from:shop", true]]);
  await page.getByRole("button", { name: "Apply to old mail" }).click();
  await page.getByText("Applied to old mail: 1 message changed.").waitFor();

  await mail("Invoice of today", "Hello", { from: "shop@river.example" });
  await page.getByRole("link", { name: "Archive" }).click();
  await row("Invoice of today").waitFor();
  await row("Invoice of old").waitFor();
});

it("says where a Sieve script is wrong as it is written, keeps it once it is right, and activates it", async () => {
  await open("sieve");
  await page.getByRole("button", { name: "New script" }).click();
  await page.getByLabel("Name").fill("tea");
  await page.getByLabel("Script", { exact: true }).fill('require "fileinto";\nfileintoo "Tea";\n');
  await page.getByRole("button", { name: /Line 2, column 1/ }).waitFor();
  expect(await page.getByRole("button", { name: "Save" }).isDisabled()).toBe(true);
  await page.getByLabel("Script", { exact: true }).fill('require "fileinto";\nfileinto "Archive";\n');
  await page.getByText("No mistakes.").waitFor();
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("button", { name: "Activate" }).click();
  await page.getByRole("button", { name: "Deactivate" }).waitFor();
  expect((await get("/sieve", SieveState)).scripts.map(({ name, is_active }) => [name, is_active])).toEqual([
    ["tea", true],
  ]);
  await page.getByRole("button", { name: "Deactivate" }).click();
  await page.getByRole("button", { name: "Activate", exact: true }).waitFor();
});

it("keeps a signature, a template, a vacation notice and a blocked sender", async () => {
  await open("identities");
  await page.getByRole("button", { name: "Change alice@mesh.test" }).click();
  await page.getByRole("textbox", { name: "Signature" }).fill("Alice <3\nMesh");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Alice <3").waitFor();
  const [identity] = (await get("/identities", IdentityList)).identities;
  expect(identity?.html_signature).toBe("<div>Alice &lt;3<br>Mesh</div>");

  await page.getByRole("link", { name: "Templates" }).click();
  await page.getByRole("button", { name: "New template" }).click();
  await page.getByLabel("Name").fill("Directions");
  await page.getByLabel("Text").fill("The second door on the left.");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Directions").waitFor();
  expect((await get("/templates", TemplateList)).templates).toMatchObject([{ name: "Directions", body_html: null }]);

  await page.getByRole("link", { name: "Vacation notice" }).click();
  await page.getByLabel("Answer while I am away").check();
  await page.getByLabel("Until").fill("2099-01-01T09:00");
  await page.getByLabel("Text").fill("Back in January.");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Saved. Your notice answers.").waitFor();
  expect(await get("/vacation", Vacation)).toMatchObject({
    ...{ is_enabled: true, body: "Back in January.", from: null },
    until: new Date("2099-01-01T09:00").toISOString(),
  });

  await page.getByRole("link", { name: "Senders" }).click();
  const blocked = page.getByRole("region", { name: "Blocked" });
  await blocked.getByLabel("Address or domain").fill("@spam.example");
  await blocked.getByRole("button", { name: "Add" }).click();
  await blocked.getByText("@spam.example", { exact: true }).waitFor();
  const page1 = await get("/blocked-senders", SenderTreatmentPage);
  expect(page1.senders.map(({ sender }) => sender)).toEqual(["@spam.example"]);
  await blocked.getByRole("button", { name: "Remove @spam.example" }).click();
  await expect.poll(async () => (await get("/blocked-senders", SenderTreatmentPage)).senders).toEqual([]);
});

it("shows dates in the time zone that is chosen, and snoozes by it", async () => {
  await mail("From the mountains");
  await open("general");
  await page.getByRole("button", { name: /^Time zone: The device's/ }).click();
  await page.getByRole("combobox", { name: "City or zone" }).fill("kathm");
  await page.getByRole("option", { name: "Asia/Kathmandu GMT+5:45" }).waitFor();
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Time zone: Asia/Kathmandu" }).waitFor();
  expect(await get("/settings", Settings)).toMatchObject({ time_zone: "Asia/Kathmandu" });

  await page.getByRole("link", { name: "Inbox" }).click();
  const when = rows().filter({ hasText: "From the mountains" }).locator("time");
  const received = new Date((await when.getAttribute("datetime")) ?? "");
  const format = new Intl.DateTimeFormat("en-GB", { timeStyle: "short", timeZone: "Asia/Kathmandu" });
  expect(await when.textContent()).toBe(format.format(received));
  await row("From the mountains").focus();
  await page.keyboard.press("b");
  const tomorrow = page.getByRole("dialog").getByRole("button", { name: "Tomorrow" });
  expect(await tomorrow.locator("time").getAttribute("datetime")).toMatch(/T02:15:00.000Z$/);
  await page.getByLabel("Another time").fill("2099-07-01T08:00");
  await page.getByRole("dialog").getByRole("button", { name: "Snooze" }).click();
  const Found = z.object({ messages: z.array(z.object({ snoozed_until: z.string().nullable() })) });
  await expect
    .poll(async () => (await get("/search?q=is:snoozed", Found)).messages)
    .toEqual([{ snoozed_until: "2099-07-01T02:15:00.000Z" }]);
});

it("gives an address away, and switches it off", async () => {
  await open("aliases");
  await page.getByLabel("For whom").fill("Bookshop");
  await page.getByLabel("Begins with").fill("books");
  await page.getByRole("button", { name: "Make an address" }).click();
  const item = page.getByRole("listitem").filter({ hasText: "Bookshop" });
  const address = (await item.locator("strong").textContent()) ?? "";
  expect(address).toMatch(/^books-[0-9a-z]{12}@mesh\.test$/);
  await item.getByLabel("Takes mail").click();
  await expect.poll(() => item.getByLabel("Takes mail").isChecked()).toBe(false);
  const Aliases = z.object({ aliases: z.array(z.object({ email: z.string(), is_active: z.boolean() })) });
  await eventually(async () => (await get("/aliases", Aliases)).aliases.find((one) => !one.is_active));
});

it("shows a token once, which works until it is deleted, and ends other logins with the password", async () => {
  await enterAs(BOB);
  await open("logins");
  const shown = page.getByRole("status").filter({ hasText: "it is not shown again" });
  const make = async (name: string): Promise<string> => {
    await page.getByLabel("Name").fill(name);
    await page.getByRole("button", { name: "Make a token" }).click();
    await shown.filter({ hasText: name }).waitFor();
    return (await shown.locator("code").textContent()) ?? "";
  };
  const statusFor = async (token: string) => (await call(service, "GET", "/v1/folders", { token })).status;
  const [deleted, made] = [await make("Old phone"), await make("Backup")];
  expect([await statusFor(deleted), await statusFor(made)]).toEqual([200, 200]);
  await page.getByRole("listitem").filter({ hasText: "Old phone" }).getByRole("button", { name: "Delete" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await page.getByText("Old phone").waitFor({ state: "detached" });
  expect([await statusFor(deleted), await statusFor(made)]).toEqual([401, 200]);
  await page.reload();
  await page
    .getByText("never used")
    .or(page.getByText(/last used/))
    .first()
    .waitFor();
  expect(await page.getByText(made).count()).toBe(0);

  const other = await logIn(service, "bob@mesh.test");
  await page.getByLabel("Current password").fill("demo-password-of-the-tests");
  await page.getByLabel(/^New password/).fill("another-password-of-bob");
  await page.getByRole("button", { name: "Change password" }).click();
  await page.getByText("The password is changed. Everybody else is logged out.").waitFor();
  expect([await statusFor(other.token), await statusFor(made)]).toEqual([401, 401]);
  // This browser goes on.
  await page.getByRole("link", { name: "Inbox" }).click();
  await page.getByRole("heading", { name: "Inbox" }).waitFor();
});

it("covers nothing with the button to write on a phone", async () => {
  await page.setViewportSize({ width: 375, height: 720 });
  const write = page.getByRole("button", { name: "Write" });
  await write.waitFor();
  await open("general");
  await page.getByRole("heading", { name: "General" }).waitFor();
  expect(await write.count()).toBe(0);
});
