/** Signing in and out, in a real browser: what is kept of a login, and what is not. */
import { expect, it } from "vitest";
import { admin } from "../../support/admin-command.ts";
import { call, PASSWORD } from "../../support/service.ts";
import { signIn, visit } from "../chromium.ts";
import { browser, excuse, leave, page, service, setStage } from "./stage.ts";

setStage();

async function signOut(): Promise<void> {
  await page.getByRole("button", { name: "Account" }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await page.getByRole("button", { name: "Sign in" }).waitFor();
}

it("says that a password is wrong, by keyboard alone, on a phone", async () => {
  await page.setViewportSize({ width: 375, height: 700 });
  await page.getByLabel("Address").focus();
  await page.keyboard.type("alice@mesh.test");
  await page.keyboard.press("Tab");
  await page.keyboard.type("not the password");
  await page.keyboard.press("Enter");
  await page.getByText("The address or the password is wrong.").waitFor();
  excuse(/status of 401/);
  expect(await page.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
});

it("lets in an address that is not ASCII", async () => {
  await admin(service, "create-account", "jürgen@mesh.test", "--password", PASSWORD);
  await signIn(page, "jürgen@mesh.test");
});

it("keeps the login where no script can read it, and ends it on signing out", async () => {
  const answer = await page.goto("/");
  expect(answer?.headers()).toMatchObject({
    "content-security-policy": expect.stringContaining("default-src 'none'; script-src 'self'; style-src 'self';"),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
  });
  await signIn(page, "alice@mesh.test");
  const [cookie] = await page.context().cookies();
  expect(cookie).toMatchObject({ name: "__Host-mailmesh", httpOnly: true, secure: true, sameSite: "Strict" });
  const kept = await page.evaluate<string>(
    "JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])",
  );
  expect(kept).not.toContain(cookie?.value);
  await page.reload();
  await page.getByRole("heading", { name: "Inbox" }).waitFor();
  await page.getByRole("link", { name: "Sent" }).click();
  await page.getByRole("heading", { name: "Sent" }).waitFor();

  await signOut();
  expect(await page.context().cookies()).toEqual([]);
  expect((await call(service, "GET", "/v1/folders", { token: cookie?.value ?? "" })).status).toBe(401);
  await page.goBack();
  await page.getByRole("button", { name: "Sign in" }).waitFor();
  expect(await page.getByRole("navigation").count()).toBe(0);
});

it("is the same for all tabs", async () => {
  await signIn(page, "alice@mesh.test");
  const other = await page.context().newPage();
  await other.goto("/in/archive");
  await other.getByRole("heading", { name: "Archive" }).waitFor();
  await signOut();
  await other.getByRole("button", { name: "Sign in" }).waitFor();
});

it("speaks the reader's language from the first screen on", async () => {
  const german = await visit(browser, service, { locale: "de-AT" });
  await german.page.getByLabel("Adresse").fill("alice@mesh.test");
  await german.page.getByLabel("Passwort").fill(PASSWORD);
  await german.page.getByRole("button", { name: "Anmelden" }).click();
  await german.page.getByRole("heading", { name: "Posteingang" }).waitFor();
  expect(await german.page.evaluate("document.documentElement.lang")).toBe("de");
  await leave(german);
});
