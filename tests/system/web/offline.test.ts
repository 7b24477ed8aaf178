/** Without a network, in a real browser, with the service worker that other tests leave out. */
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Service, startService } from "../../support/service.ts";
import { launchChromium, signIn, visit } from "../chromium.ts";

let service: Service;
let browser: Browser;

beforeAll(async () => {
  [service, browser] = await Promise.all([startService(), launchChromium()]);
});
afterAll(async () => {
  await browser?.close();
  await service?.stop();
});

/** The client's files are in the browser's cache, and nothing else is. */
const CACHED = `navigator.serviceWorker.ready.then(async () => {
  const names = await caches.keys();
  const requests = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
  return requests.flat().map(({ url }) => new URL(url).pathname);
})`;

it("starts without a network, and says so", async () => {
  const { page, close, complaints, origins } = await visit(browser, service, { hasServiceWorker: true });
  await signIn(page, "alice@mesh.test");
  await expect.poll(() => page.evaluate<string[]>(CACHED), { timeout: 40_000 }).toContain("/icon.svg");
  const cached = await page.evaluate<string[]>(CACHED);
  expect(cached).toEqual(expect.arrayContaining(["/index.html", "/letter.html", "/manifest.webmanifest"]));
  expect(cached.filter((path) => path.startsWith("/v1"))).toEqual([]);
  expect(complaints).toEqual([]);

  await page.context().setOffline(true);
  await page.goto("/in/archive");
  await page.getByRole("link", { name: "Mailmesh" }).waitFor();
  await page.getByText("Not connected.").waitFor();
  // What frames a letter keeps its own policy: it is answered from the cache as it was fetched.
  const frame = await page.goto("/letter");
  expect(frame?.headers()["content-security-policy"]).toContain("frame-src blob:");

  await page.context().setOffline(false);
  await page.goto("/in/inbox");
  await page.getByRole("heading", { name: "Inbox" }).waitFor();
  expect([...origins]).toEqual([service.url]);
  await close();
});
