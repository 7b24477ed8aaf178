/** The operator's pages in a real browser, on the whole service, with a DNS and a relay of the test's own. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { DnsRecords } from "../../../contract/dns.ts";
import { DomainPolicy } from "../../../contract/domain-policy.ts";
import { MessagePage } from "../../../contract/messages.ts";
import { QueueDestinationView } from "../../../contract/operator.ts";
import { Quota } from "../../../contract/quota.ts";
import { SECRETS_FILE, Secrets, StateFolder } from "../../../gateway/state.ts";
import { type FakeDoh, startDoh } from "../../../gateway/testing/fake-doh.ts";
import { call, folderOf, logIn, PASSWORD } from "../../support/service.ts";
import { callAs, excuse, mail, page, service, setStage } from "./stage.ts";

let doh: FakeDoh;
let secret: string;
const env = async () => {
  doh = await startDoh({});
  // Nobody listens at the relay: what leaves waits.
  return { DOH_URL: doh.url, RELAY_URL: "smtp://127.0.0.1:9", RETRY_DELAYS_SECONDS: "3600" };
};
setStage({ env });
beforeAll(async () => {
  secret = (await new StateFolder(service.state).read(SECRETS_FILE, Secrets))?.admin_secret ?? "";
});
afterAll(() => doh?.close());

async function enter(path = "/admin"): Promise<void> {
  await page.goto(path);
  await page.getByLabel("Admin secret").fill(secret);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("link", { name: "Domains", exact: true }).waitFor();
}

const get = (path: string) => call(service, "GET", `/v1/admin${path}`, { token: secret });

it("lets in who shows the secret, for as long as they want, and nobody else", async () => {
  await page.goto("/admin/queue");
  await page.getByLabel("Admin secret").and(page.locator(":focus")).waitFor();
  await page.keyboard.type("not the secret");
  await page.keyboard.press("Enter");
  await page.getByRole("alert").getByText("The admin secret is missing or wrong.").waitFor();
  await page.getByLabel("Admin secret").and(page.locator(":focus")).waitFor();
  excuse(/401/);
  await enter("/admin/queue");
  await page.getByRole("heading", { name: "Mail on its way out" }).waitFor();
  expect(await page.evaluate("document.cookie + JSON.stringify({ ...localStorage, ...sessionStorage })")).not.toContain(
    secret,
  );
  await page.reload();
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByLabel("Admin secret").waitFor();
  expect(await page.context().cookies()).toEqual([]);
});

it("makes a domain with an account, an alias and a catch-all, and looks through a mailbox", async () => {
  await enter();
  await page.getByLabel("New domain").fill("river.test");
  await page.getByRole("button", { name: "Add domain" }).click();
  await page.getByRole("link", { name: "river.test" }).click();

  const accounts = page.getByRole("region", { name: "Accounts" });
  await accounts.getByLabel("Address before the @").fill("ines");
  await accounts.getByLabel("Password").fill(PASSWORD);
  await accounts.getByRole("button", { name: "Make account" }).click();
  await accounts.getByRole("button", { name: "Change ines@river.test" }).click();
  await logIn(service, "ines@river.test");
  await accounts.getByRole("button", { name: "Look for damage" }).click();
  await accounts.getByText("All fits together.").waitFor();
  await accounts.getByLabel("New password").fill("another-password-of-ines");
  await accounts.getByRole("button", { name: "Set password" }).click();
  await page.getByText("The password is set. All their logins have ended.").waitFor();
  const { token } = await logIn(service, "ines@river.test", "another-password-of-ines");
  await accounts.getByLabel("Room in gigabytes").fill("2");
  await accounts.getByRole("button", { name: "Set room" }).click();
  await page.getByText("Saved.").first().waitFor();
  expect((await call(service, "GET", "/v1/quota", { token })).json(Quota)).toMatchObject({ limit: 2_000_000_000 });

  const aliases = page.getByRole("region", { name: "Aliases" });
  await aliases.getByLabel("Address before the @").fill("*");
  await aliases.getByLabel("Leads to").fill("ines@river.test");
  await aliases.getByRole("button", { name: "Save alias" }).click();
  await aliases.getByText("Catch-all", { exact: true }).waitFor();
  await mail("Caught", "Hello", { to: "whoever@river.test" });
  const inbox = await folderOf(service, token, "inbox");
  await expect
    .poll(async () => (await call(service, "GET", `/v1/folders/${inbox.id}/messages`, { token })).json(MessagePage))
    .toMatchObject({ messages: [{ subject: "Caught" }] });
});

it("says what is missing in DNS and what is set, and what a domain takes", async () => {
  const { records } = (await get("/domains/mesh.test/dns")).json(DnsRecords);
  await enter("/admin/domains/mesh.test");
  const dns = page.getByRole("region", { name: "DNS" });
  await dns.getByText("mesh.test has no MX record, so nobody can send mail to it").waitFor();
  await dns.getByText("Something is missing.").waitFor();

  // The records are set as they are shown.
  const texts = records.filter(({ type }) => type === "TXT");
  const mx = records.filter(({ type }) => type === "MX").map(({ value }) => value);
  doh.zone.TXT = Object.fromEntries(texts.map(({ name, value }) => [name, [value]]));
  doh.zone.MX = { "mesh.test": mx };
  doh.zone.A = Object.fromEntries(mx.map((host) => [host, ["192.0.2.1"]]));
  await dns.getByRole("button", { name: "Look again" }).click();
  const signatures = dns.getByRole("heading", { name: /Signatures/ });
  await signatures.getByText("Set", { exact: true }).waitFor();
  // Also on a page from right to left a name begins with its first character: _dmarc.
  await page.evaluate("document.documentElement.dir = 'rtl'");
  const name = dns.getByText("_dmarc.mesh.test", { exact: true }).first();
  expect(await name.evaluate((node) => node.ownerDocument.defaultView?.getComputedStyle(node).direction)).toBe("ltr");
  await page.evaluate("document.documentElement.dir = 'ltr'");
  expect(await dns.getByText("has no MX record").count()).toBe(0);

  const policy = page.getByRole("region", { name: "What it accepts from strangers" });
  await policy.getByLabel("Macros").click();
  await expect
    .poll(async () => (await get("/domains/mesh.test/policy")).json(DomainPolicy).refused_attachments)
    .toEqual(["virus", "macros"]);
});

it("shows what waits to leave, as a chart and as its table, tries it again and gives it up", async () => {
  const body = { to: [{ email: "zoe@far.example" }], subject: "Waiting", body: "Hello", undo_seconds: 0 };
  expect((await callAs("alice@mesh.test", "POST", "/messages", body)).status).toBe(202);
  await expect.poll(async () => (await get("/queue")).bytes.toString(), { timeout: 15_000 }).toContain("far.example");

  // A point stands for ten minutes, which nobody waits for here.
  const at = new Date(Date.now() - 3_600_000).toISOString();
  const json = { interval_seconds: 600, points: [{ at, submissions: 1, recipients: 23, oldest_seconds: 7200 }] };
  await page.route("**/v1/admin/queue-history", (route) => route.fulfill({ json }));
  await enter("/admin/queue");
  const table = page.getByRole("table", { name: /The queue in the last seven days/ });
  await table.getByRole("cell", { name: "23" }).waitFor();
  await table.getByRole("cell", { name: "2 hours" }).waitFor();
  const drawn = page.locator("figure path");
  expect(await drawn.evaluateAll((paths) => paths.map((path) => path.getAttribute("d")?.startsWith("M")))).toEqual([
    ...[true, true, true, true],
  ]);

  await page.getByRole("link", { name: "far.example" }).click();
  await page.getByText("1 recipient").first().waitFor();
  const next = async () => (await get("/queue/far.example")).json(QueueDestinationView).waiting[0]?.next_attempt_at;
  const before = await next();
  expect(before).toBeDefined();
  await page.getByRole("button", { name: "Try now" }).click();
  await page.getByText("It is being tried.").waitFor();
  await expect.poll(next).not.toBe(before);
  await page.getByRole("button", { name: "Give up" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Give up" }).click();
  await page.getByText("Given up. The sender is told.").waitFor();
  await page.getByText("Nothing waits.").waitFor();
  await page.getByRole("link", { name: "Dead letters" }).click();
  await page.getByText("There are none.").waitFor();
});
