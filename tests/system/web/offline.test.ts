/** Without a network, in a real browser, with the service worker that other tests leave out. */
import { expect, it } from "vitest";
import { signIn } from "../chromium.ts";
import { compose } from "./reading-mail.ts";
import {
  callAs,
  current,
  excuse,
  mail,
  messagesIn,
  opened,
  openTab,
  page,
  row,
  rows,
  setStage,
  smtp,
} from "./stage.ts";

setStage({ signedInAs: "alice@mesh.test", hasServiceWorker: true });

/** The client's files are in the browser's cache, and nothing else is. */
const CACHED = `navigator.serviceWorker.ready.then(async () => {
  const names = await caches.keys();
  const requests = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
  return requests.flat().map(({ url }) => new URL(url).pathname);
})`;
const canStart = () => expect.poll(() => page.evaluate<string[]>(CACHED), { timeout: 40_000 }).toContain("/icon.svg");

/** All that any database of the page's origin holds. */
const KEPT = `(async () => {
  const all = [];
  for (const { name } of await indexedDB.databases()) {
    const database = await new Promise((done) => (indexedDB.open(name).onsuccess = ({ target }) => done(target.result)));
    for (const store of database.objectStoreNames) {
      const asked = database.transaction(store).objectStore(store).getAll();
      all.push(...(await new Promise((done) => (asked.onsuccess = () => done(asked.result)))));
    }
    database.close();
  }
  return JSON.stringify(all);
})()`;
const kept = async () => (await page.evaluate<string>(KEPT)).replaceAll("\\", "");
const isKept = (what: string) => expect.poll(() => kept(), { timeout: 15_000 }).toContain(what);

const letter = () => opened().frameLocator("iframe").frameLocator("iframe");
/** Of requests that found no network, and of what was asked for and is gone. */
const NO_NETWORK = /ERR_INTERNET_DISCONNECTED|ERR_FAILED|status of 40[14]|WebSocket/;

it("starts without a network, and says so", async () => {
  await canStart();
  const cached = await page.evaluate<string[]>(CACHED);
  expect(cached).toEqual(expect.arrayContaining(["/index.html", "/letter.html", "/manifest.webmanifest"]));
  expect(cached.filter((path) => path.startsWith("/v1"))).toEqual([]);
  expect(current.complaints).toEqual([]);
  const session = await page.context().newCDPSession(page);
  expect(await session.send("Page.getInstallabilityErrors")).toEqual({ installabilityErrors: [] });

  await page.context().setOffline(true);
  await page.goto("/in/archive");
  await page.getByRole("link", { name: "Mailmesh" }).waitFor();
  await page.getByRole("banner").getByText("Not connected.").waitFor();
  // What frames a letter keeps its own policy: it is answered from the cache as it was fetched.
  const frame = await page.goto("/letter");
  expect(frame?.headers()["content-security-policy"]).toContain("frame-src blob:");

  await page.context().setOffline(false);
  await page.goto("/in/inbox");
  await page.getByRole("heading", { name: "Inbox" }).waitFor();
  excuse(NO_NETWORK);
});

it("says at once that the network is gone, and that it is back, though its socket never closed", async () => {
  const heard = page.waitForEvent("websocket").then((socket) => socket.waitForEvent("framereceived"));
  await page.reload();
  await heard;
  const closed: string[] = [];
  page.on("websocket", (socket) => closed.push(`another: ${socket.url()}`));
  await page.context().setOffline(true);
  await page.getByRole("banner").getByText("Not connected.").waitFor({ timeout: 3000 });
  await page.context().setOffline(false);
  await page.getByRole("banner").getByText("Not connected.").waitFor({ state: "detached", timeout: 3000 });
  expect(closed).toEqual([]);
  excuse(NO_NETWORK);
});

it("offers a new version until it is taken, also on pages that came after it, and loses no letter by it", async () => {
  await canStart();
  await page.reload();
  await page.evaluate("navigator.serviceWorker.controller !== null || Promise.reject(new Error('not controlled'))");
  // A deployment, as far as the browser can tell: another worker.
  await page.context().addInitScript(`{
    const register = ServiceWorkerContainer.prototype.register;
    ServiceWorkerContainer.prototype.register = function (url, options) {
      return register.call(this, url + "?2", options);
    };
  }`);
  await page.reload();
  await page.getByText("There is a new version").waitFor({ timeout: 30_000 });
  await page.reload();
  await page.getByText("There is a new version").waitFor();

  await page.getByRole("button", { name: "Write" }).click();
  await page.getByRole("dialog").getByLabel("Subject", { exact: true }).fill("Begun before");
  await page.getByRole("button", { name: "Load it" }).click();
  await expect.poll(() => page.evaluate("navigator.serviceWorker.controller?.scriptURL").catch(() => "")).toMatch(/2$/);
  // Saved before, or by the page that came then.
  await expect
    .poll(async () => (await messagesIn("alice@mesh.test", "drafts")).map(({ subject }) => subject))
    .toEqual(["Begun before"]);
  await page.waitForTimeout(1000);
  expect(await page.getByText("There is a new version").count()).toBe(0);
});

it("shows what was read without a network, keeps what is done to it, and is right again with one", async () => {
  const html = "<p>The <b>lighthouse</b> is open.</p>";
  const raw = await compose({ subject: "Read before", text: "The lighthouse is open.", html });
  await smtp.send("ines@river.example", ["alice@mesh.test"], raw);
  for (const subject of ["Never opened", "To be archived", "To be deleted elsewhere"])
    await mail(subject, `About ${subject}.`);
  await row("Read before").click();
  await letter().getByText("lighthouse").waitFor();
  await expect
    .poll(async () => (await messagesIn("alice@mesh.test", "inbox")).filter(({ is_read }) => is_read).length)
    .toBe(1);
  // The newest are fetched although nobody opens them.
  await isKept('"body":"About Never opened.');
  await isKept('"body":"About To be archived.');
  await canStart();

  await page.context().setOffline(true);
  await page.reload();
  await row("Never opened").waitFor();
  expect(await rows().count()).toBe(4);
  await letter().getByText("lighthouse").waitFor();
  await page.goto("/in/inbox");
  await row("Never opened").click();
  await opened().getByText("About Never opened.").waitFor();
  await page.getByRole("navigation").getByRole("link", { name: "Junk" }).click();
  await page.getByText("This folder was not opened in this browser before").waitFor();

  await page.goto("/in/inbox");
  await row("To be archived").click();
  await opened().getByRole("button", { name: "Archive" }).click();
  await row("To be archived").waitFor({ state: "detached" });
  await page.reload();
  await row("Never opened").waitFor();
  expect(await row("To be archived").count()).toBe(0);
  await page.getByRole("checkbox", { name: "Select all shown" }).waitFor();

  const gone = (await messagesIn("alice@mesh.test", "inbox")).find(
    ({ subject }) => subject === "To be deleted elsewhere",
  );
  await callAs("alice@mesh.test", "DELETE", `/messages/${gone?.id}`);
  await mail("Came in meanwhile");
  expect(await row("To be deleted elsewhere").count()).toBe(1);
  await page.context().setOffline(false);
  await row("Came in meanwhile").waitFor();
  await row("To be deleted elsewhere").waitFor({ state: "detached" });
  await expect
    .poll(async () => (await messagesIn("alice@mesh.test", "archive")).map(({ subject }) => subject))
    .toEqual(["To be archived"]);
  expect(await row("To be archived").count()).toBe(0);
  excuse(NO_NETWORK);
});

it("leaves nothing of it to who comes after", async () => {
  await mail("For Alice alone");
  await row("For Alice alone").waitFor();
  await isKept("For Alice alone");
  // A second tab is open, and keeps nothing any more either.
  const first = page;
  await openTab();
  await row("For Alice alone").waitFor();
  // A session that ends by itself hides it.
  await first.close();
  await page.context().clearCookies();
  await page.reload();
  await page.getByLabel("Password").waitFor();
  expect(await kept()).toContain("For Alice alone");
  await signIn(page, "bob@mesh.test");
  expect(await kept()).not.toContain("For Alice alone");
  expect(await row("For Alice alone").count()).toBe(0);
  await mail("For Bob alone", "Nothing much.", { to: "bob@mesh.test" });
  await isKept("For Bob alone");

  await page.getByRole("button", { name: "Account" }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await page.getByLabel("Password").waitFor();
  expect(await kept()).not.toContain("Bob");
  expect(await page.evaluate("localStorage.getItem('mailmesh.address')")).toBe(null);
  excuse(NO_NETWORK);
});

it("keeps one state for all tabs, and begins anew where it is of no use", async () => {
  await mail("Seen by both");
  await row("Seen by both").waitFor();
  await isKept("Seen by both");
  const first = page;
  await openTab();
  await row("Seen by both").waitFor();
  await row("Seen by both", first).click();
  await expect.poll(async () => (await messagesIn("alice@mesh.test", "inbox"))[0]?.is_read).toBe(true);
  await page.reload();
  await row("Seen by both").waitFor();
  expect(await row("Unread: Ines Carvalho: Seen by both").count()).toBe(0);
  await first.close();

  // A state that the server does not know, and a store that holds nonsense: as if nothing were kept.
  for (const head of [`{ ...head, state: 10 ** 9 }`, `{ ...head, version: "another" }`, `"nonsense"`]) {
    await isKept('"state"');
    await page.evaluate(`new Promise((done) => (indexedDB.open("mailmesh-kept").onsuccess = ({ target }) => {
      const records = target.result.transaction("answers", "readwrite").objectStore("answers");
      records.get("head").onsuccess = ({ target: { result: head } }) => records.put(${head}, "head");
      records.transaction.oncomplete = () => (target.result.close(), done());
    }))`);
    const subject = `After ${head}`;
    await mail(subject);
    await page.reload();
    await row(subject).waitFor();
    await row("Seen by both").waitFor();
  }
  excuse(NO_NETWORK);
});
