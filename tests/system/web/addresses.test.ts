/** Every screen has an address: it is the same after a reload, and back and forward lead through them. */
import { afterAll, expect, it } from "vitest";
import { SECRETS_FILE, Secrets, StateFolder } from "../../../gateway/state.ts";
import { type FakeDoh, startDoh } from "../../../gateway/testing/fake-doh.ts";
import { callAs, excuse, mail, messagesIn, opened, page, row, service, setStage } from "./stage.ts";

const ALICE = "alice@mesh.test";
let doh: FakeDoh;
setStage({
  signedInAs: ALICE,
  // The page of a domain asks the DNS of the world, and gets this one's answers.
  env: async () => {
    doh = await startDoh({});
    return { DOH_URL: doh.url };
  },
});
afterAll(() => doh?.close());

const heading = (name: string) => page.getByRole("heading", { name, exact: true });

/** There, and there again. */
async function staysAfterReload(name: string): Promise<void> {
  await heading(name).first().waitFor();
  const address = page.url();
  await page.reload();
  await heading(name).first().waitFor();
  expect(page.url()).toBe(address);
}

it("shows the same mail after a reload, and goes back and forward through it", async () => {
  await mail("The ferry is late", "It leaves at half past nine.");
  await row("The ferry is late").click();
  await staysAfterReload("The ferry is late");
  expect(page.url()).toContain("/in/inbox/thread/");

  await page.getByRole("combobox", { name: "Search" }).fill("half past");
  await page.keyboard.press("Enter");
  await staysAfterReload("Search: half past");
  await row("The ferry is late").click();
  await opened().getByText("It leaves at half past nine.").waitFor();
  await staysAfterReload("The ferry is late");
  expect(page.url()).toMatch(/\/search\/message\/[^?]+#q=half\+past$/);

  await page.getByRole("button", { name: "Account" }).click();
  await page.getByRole("menuitem", { name: "Settings" }).click();
  await staysAfterReload("General");
  await page.getByRole("link", { name: "Rules" }).click();
  await staysAfterReload("Rules");

  for (const name of ["General", "The ferry is late", "Search: half past", "The ferry is late", "Inbox"]) {
    await page.goBack();
    await heading(name).first().waitFor();
  }
  expect(new URL(page.url()).pathname).toMatch(/^\/(in\/inbox)?$/);
  for (const name of ["The ferry is late", "Search: half past", "The ferry is late", "General", "Rules"]) {
    await page.goForward();
    await heading(name).first().waitFor();
  }
});

it("opens a draft by its address, with what was written", async () => {
  await callAs(ALICE, "POST", "/drafts", { subject: "Unfinished", body: "As far as", to: [] });
  const [draft] = await messagesIn(ALICE, "drafts");
  await page.goto(`/in/drafts/message/${draft?.id}`);
  for (const _ of ["first", "again"]) {
    const letter = opened().getByRole("region", { name: "Unfinished" });
    await letter.getByLabel("Text").waitFor();
    expect(await letter.getByLabel("Text").inputValue()).toContain("As far as");
    await page.reload();
  }
});

it("shows each section of the settings and of the operator's pages by its address", async () => {
  await page.goto("/settings");
  const sections = page.getByRole("navigation", { name: "Settings" }).getByRole("link");
  await sections.first().waitFor();
  const all = await sections.evaluateAll((links) => links.map((link) => [link.getAttribute("href"), link.textContent]));
  expect(all.length).toBeGreaterThan(10);
  for (const [address, name] of all) {
    await page.goto(address ?? "");
    await page.getByRole("heading", { name: name ?? "", level: 2, exact: true }).waitFor();
  }

  const secret = (await new StateFolder(service.state).read(SECRETS_FILE, Secrets))?.admin_secret ?? "";
  await page.goto("/admin");
  await page.getByLabel("Admin secret").fill(secret);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("link", { name: "mesh.test" }).click();
  await staysAfterReload("mesh.test");
  await page.getByRole("link", { name: "Mail on its way out" }).click();
  await staysAfterReload("Mail on its way out");
  await page.getByRole("link", { name: "Dead letters" }).click();
  await staysAfterReload("Dead letters");
  await page.goBack();
  await heading("Mail on its way out").waitFor();
});

it("says that there is no such message, and no such folder", async () => {
  await page.goto("/in/inbox/message/zzzzzzzzzzz");
  await opened().getByText("This message is not here any more.").waitFor();
  excuse(/404/);
  await page.goto("/in/nowhere");
  await page.getByText("There is no such folder.").waitFor();
});
