/**
 * The walk of somebody who has never seen Mailmesh, on a service that was never started before: from the lines of its
 * first start to the last export, by what is on the screen alone. No address is typed but the one that was printed.
 */
import { readFile } from "node:fs/promises";
import { unzipSync } from "fflate";
import type { BrowserContextOptions } from "playwright-core";
import { describe, expect, it } from "vitest";
import { corpus } from "../../support/corpus.ts";
import { inSink, mail, opened, page, row, service, setStage } from "./stage.ts";

const DESK: BrowserContextOptions = { viewport: { width: 1280, height: 800 } };
const PHONE: BrowserContextOptions = {
  ...{ viewport: { width: 375, height: 720 }, isMobile: true, hasTouch: true },
  colorScheme: "dark",
};

/** Real messages of 2002, in a file as mail programs keep them. */
const MANY = 60;
const FERRY = "Ferry Desk <desk@ferry.example>";
const SHOP = "Ferry Shop <shop@ferry.example>";
const mbox = () =>
  Buffer.concat(
    corpus()
      .slice(0, MANY)
      .map(({ raw }) => {
        const lines = raw
          .toString("latin1")
          .replaceAll("\r\n", "\n")
          .replace(/^>*From /gm, ">$&");
        return Buffer.from(`From MAILER-DAEMON Thu Aug 22 12:36:23 2002\n${lines}\n`, "latin1");
      }),
  );

describe.each([
  ["at a desk", DESK],
  ["with a phone, in the dark", PHONE],
])("%s", (_name, options) => {
  setStage(options);

  it("goes from the first start to the export", async () => {
    await signInAsPrinted();
    await readAndAnswer();
    await makeRule();
    await bringOldMail();
    await search();
    await seeThatItArrived();
    await takeItAway();
  });
});

async function openSettings(section: string): Promise<void> {
  await page.getByRole("button", { name: "Account" }).click();
  await page.getByRole("menuitem", { name: "Settings" }).click();
  await page.getByRole("navigation", { name: "Settings" }).getByRole("link", { name: section }).click();
  await page.getByRole("heading", { name: section, level: 2 }).waitFor();
}
async function toInbox(): Promise<void> {
  await page
    .getByRole("navigation", { name: "Folders" })
    .getByRole("link", { name: /^Inbox/ })
    .click();
  await page.getByRole("heading", { name: "Inbox" }).waitFor();
}

async function signInAsPrinted(): Promise<void> {
  const [, address, password] = /^ +(alice@\S+) +(\S+)$/m.exec(service.output()) ?? [];
  if (address === undefined || password === undefined) throw new Error("no account was printed");
  await page.getByLabel("Address").and(page.locator(":focus")).waitFor();
  await page.keyboard.type(address);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: "Welcome to your mailbox" }).waitFor();
  await page.getByText(address).first().waitFor();
  await page.getByRole("link", { name: "Bring your mail along" }).waitFor();
}

async function readAndAnswer(): Promise<void> {
  await mail("Your crossing on Friday", "It leaves at half past nine. Will you come?", { from: FERRY });
  await row("Your crossing on Friday").click();
  await opened().getByText("It leaves at half past nine.").waitFor();
  await opened().getByRole("button", { name: "Reply", exact: true }).last().click();
  await page.getByRole("dialog").getByLabel("Text").and(page.locator(":focus")).waitFor();
  await page.keyboard.type("I will, gladly.");
  await page.getByRole("button", { name: "Send", exact: true }).click();
  await page.getByText("On its way.").waitFor();
}

async function makeRule(): Promise<void> {
  await mail("Ten per cent off", "Only today.", { from: SHOP });
  await openSettings("Rules");
  await page.getByRole("button", { name: "New rule" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Text").fill("shop@ferry.example");
  await dialog.getByText("1 of your messages meets it:").waitFor();
  await dialog.getByText("Ten per cent off").waitFor();
  // What was forgotten is said, beside the button that was pressed.
  await dialog.getByRole("button", { name: "Save rule" }).click();
  await dialog.getByText("Choose what is to be done with these messages.").waitFor();
  await dialog.getByLabel("Move to", { exact: true }).selectOption({ label: "Archive" });
  await dialog.getByRole("button", { name: "Save rule" }).click();
  await page.getByText("from:shop@ferry.example").waitFor();

  await mail("Twenty per cent off", "Only today.", { from: SHOP });
  await page.getByRole("navigation", { name: "Folders" }).getByRole("link", { name: "Archive" }).click();
  await row("Twenty per cent off").waitFor();
  await toInbox();
  await row("Ten per cent off").waitFor();
  expect(await row("Twenty per cent off").count()).toBe(0);
}

async function bringOldMail(): Promise<void> {
  await openSettings("Import and export");
  let goOn = () => {};
  const held = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  await page.route("**/parts/0", (route) => held.then(() => route.continue()));
  const [chooser] = await Promise.all([
    page.waitForEvent("filechooser"),
    page.getByRole("button", { name: "Choose a file" }).click(),
  ]);
  await chooser.setFiles({ name: "old-mail.mbox", mimeType: "application/mbox", buffer: mbox() });
  const line = page.getByRole("listitem").filter({ hasText: "old-mail.mbox" });
  await line.getByRole("progressbar", { name: "Uploading:" }).waitFor();
  goOn();
  await line.getByText("Done", { exact: true }).waitFor();
  await line.getByText(`${MANY} messages are new`).waitFor();
  await line.getByRole("link", { name: "Show in all mail" }).click();
  await page.getByRole("heading", { name: "All mail" }).waitFor();
  await page.locator("#messages").getByRole("link").nth(5).waitFor();
}

async function search(): Promise<void> {
  const box = page.getByRole("combobox", { name: "Search" });
  await box.fill("half past ni");
  await page
    .getByRole("option", { name: /Your crossing on Friday/ })
    .first()
    .waitFor();
  // Enter takes words whole, and says so where nothing is found.
  await box.press("Enter");
  await page.getByText("Words are found whole").waitFor();
  await page.getByRole("button", { name: "Advanced search" }).click();
  const form = page.getByRole("dialog");
  await form.getByLabel("Has the words").fill("half past nine");
  await form.getByLabel("From", { exact: true }).fill("desk@ferry.example");
  await form.getByRole("button", { name: "Search" }).click();
  await row("Your crossing on Friday").first().click();
  await opened().getByText("It leaves at half past nine.").waitFor();
}

async function seeThatItArrived(): Promise<void> {
  expect((await inSink("Re: Your crossing on Friday")).text).toMatch(/^I will, gladly\./);
  const back = page.getByRole("link", { name: "Back to the list" });
  if (await back.isVisible()) await back.click();
  await page.getByRole("navigation", { name: "Folders" }).getByRole("link", { name: "Sent" }).click();
  await row("Re: Your crossing on Friday").click();
  await opened()
    .getByRole("list", { name: "Delivery" })
    .getByText(/^desk@ferry\.example: (sent, their server took it|delivered)$/)
    .waitFor();
}

async function takeItAway(): Promise<void> {
  const back = page.getByRole("link", { name: "Back to the list" });
  if (await back.isVisible()) await back.click();
  await openSettings("Import and export");
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "One file (mbox)" }).click(),
  ]);
  expect(download.suggestedFilename()).toMatch(/\.mbox$/);
  const file = await readFile(await download.path(), "latin1");
  // The old ones, the three that came, and the answer.
  expect(file.match(/^From /gm)).toHaveLength(MANY + 4);
  for (const words of ["Your crossing on Friday", "Twenty per cent off", "I will, gladly."]) {
    expect(file).toContain(words);
  }
  const [zip] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "A file for each message (zip)" }).click(),
  ]);
  const entries = Object.values(unzipSync(await readFile(await zip.path())));
  expect(entries.filter((bytes) => bytes.length > 0)).toHaveLength(MANY + 4);
}
