/**
 * Hostile HTML in a real browser: each snippet comes in over SMTP and is read on the page as any message is, in its frames
 * and under its policies. Not one may run, navigate, open anything, or ask another host for anything. Shown as it came,
 * most of them do.
 */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { MessagePage } from "../../contract/messages.ts";
import { ATTACKS, attackNumber } from "../html-attacks/attacks.ts";
import { call, folderOf, logIn, type Service, startService } from "../support/service.ts";
import { connectSmtp, type SmtpClient } from "../support/smtp-client.ts";
import { launchChromium, signIn, visit } from "./chromium.ts";

/** In a conversation, where so many of what is unread are open at once, each in its frame. */
const AT_ONCE = 20;
const CONNECTIONS = 8;
const READERS = 3;
const numbers = ATTACKS.map((_, n) => n);
const batches = Array.from({ length: Math.ceil(ATTACKS.length / AT_ONCE) }, (_, n) =>
  numbers.slice(n * AT_ONCE, (n + 1) * AT_ONCE),
);

let service: Service;
let browser: Browser;
beforeAll(async () => {
  service = await startService();
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
  await service?.stop();
});

/** The snippets as messages: the ids of their conversations. */
async function delivered(): Promise<string[]> {
  const connections = await Promise.all(Array.from({ length: CONNECTIONS }, () => connectSmtp(service.smtp)));
  const send = (smtp: SmtpClient, n: number, batch: number) => {
    const isFirst = n % AT_ONCE === 0;
    const head = ["From: m@evil.example", `Subject: attack ${batch}`, "MIME-Version: 1.0", ...idOf(batch, isFirst)];
    const type = ["Content-Type: text/html; charset=utf-8", "Content-Transfer-Encoding: base64", ""];
    const bytes = Buffer.from(attackNumber(n)).toString("base64").replaceAll(/.{76}/g, "$&\r\n");
    return smtp.send("m@evil.example", ["alice@mesh.test"], Buffer.from([...head, ...type, bytes, ""].join("\r\n")));
  };
  const sendAll = (messages: [n: number, batch: number][]) =>
    Promise.all(
      connections.map(async (smtp, first) => {
        for (const [n, batch] of messages.filter((_, at) => at % CONNECTIONS === first)) await send(smtp, n, batch);
      }),
    );
  const all = batches.flatMap((batch, of) => batch.map((n): [number, number] => [n, of]));
  // What the others answer is there before them.
  await sendAll(all.filter(([n]) => n % AT_ONCE === 0));
  await sendAll(all.filter(([n]) => n % AT_ONCE !== 0));
  for (const smtp of connections) smtp.close();
  return conversations();
}

const idOf = (batch: number, isFirst: boolean): string[] => {
  const first = `<batch-${batch}@evil.example>`;
  return isFirst
    ? [`Message-ID: ${first}`]
    : [`Message-ID: <${crypto.randomUUID()}@evil.example>`, `References: ${first}`];
};

/** Much of it looks like spam, and some does not. */
async function conversations(): Promise<string[]> {
  const { token } = await logIn(service, "alice@mesh.test");
  const counts = new Map<string, number>();
  for (const role of ["inbox", "junk"] as const) {
    const { id } = await folderOf(service, token, role);
    for (let cursor: string | null = ""; cursor !== null; ) {
      const path = `/v1/folders/${id}/messages?limit=100${cursor && `&cursor=${cursor}`}`;
      const page: MessagePage = (await call(service, "GET", path, { token })).json(MessagePage);
      for (const { thread_id, subject } of page.messages) {
        if (subject.startsWith("attack ")) counts.set(thread_id, (counts.get(thread_id) ?? 0) + 1);
      }
      cursor = page.next_cursor;
    }
  }
  expect([...counts.values()].toSorted()).toEqual(batches.map(({ length }) => length).toSorted());
  return [...counts.keys()];
}

/** What a page does that is not the service's own: requests elsewhere, frames that go anywhere, windows, dialogs. */
function witness(page: Page): Set<string> {
  const seen = new Set<string>();
  const isOurs = (address: string) =>
    /^(?:about:blank|blob:|data:)/.test(address) || address.startsWith(`${service.url}/`);
  page.context().on("request", (request) => isOurs(request.url()) || seen.add(request.url()));
  page.context().on("page", (opened) => seen.add(`window ${opened.url()}`));
  page.on("dialog", (dialog) => {
    seen.add(`dialog ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("framenavigated", (frame) => {
    const url = new URL(frame.url());
    const isPage = frame === page.mainFrame() && url.pathname.startsWith("/in/junk/thread/");
    const isPlace = url.protocol === "blob:" || url.href === "about:blank" || url.pathname === "/letter" || isPage;
    if (!isOurs(url.href) || !isPlace) seen.add(`went to ${url.href}`);
  });
  page.on("download", (download) => seen.add(`download ${download.url()}`));
  return seen;
}

/** The letters on the page: each has been measured, so it was there, and had time for what handlers and delays would do still. */
async function loadedLetters(page: Page): Promise<number> {
  await expect.poll(() => page.locator("main [aria-busy=true]").count(), { timeout: 30_000 }).toBe(0);
  await page.waitForTimeout(500);
  return page.locator("main iframe").count();
}

it("lets no attack run, navigate or ask another host for anything, with images and without", async () => {
  const waiting = await delivered();
  // Much of it is waiting for what must not happen: several readers do that together.
  const shown = await Promise.all(Array.from({ length: READERS }, () => readAll(waiting)));
  // All but the few that are nested too deeply to be shown as HTML, and once more those that have images.
  expect(shown.reduce((sum, letters) => sum + letters, 0)).toBeGreaterThan(1.1 * ATTACKS.length);
}, 600_000);

/** Opens what is waiting, one conversation after the other in one page, without images and with them. How many letters it showed. */
async function readAll(waiting: string[]): Promise<number> {
  const { page, complaints, close } = await visit(browser, service);
  await signIn(page, "alice@mesh.test");
  const seen = witness(page);
  // What the proxy would bring is an image; its servers are nowhere.
  await page.route("**/v1/proxy/image?**", (route) => route.fulfill({ contentType: "image/gif", body: GIF }));
  const behaved = (thread: string) => {
    const found = complaints.splice(0);
    expect({ thread, seen: [...seen], found }).toEqual({ thread, seen: [], found: [] });
  };
  let shown = 0;
  for (let thread = waiting.pop(); thread !== undefined; thread = waiting.pop()) {
    // As a link does it.
    await page.evaluate(`history.pushState(null, "", "/in/junk/thread/${thread}")`);
    await page.getByRole("main").locator("section").first().waitFor();
    shown += await loadedLetters(page);
    behaved(thread);
    const asks = page.getByRole("main").getByRole("button", { name: "Show images" });
    const withImages = await asks.count();
    while ((await asks.count()) > 0) await asks.first().click();
    await loadedLetters(page);
    shown += withImages;
    behaved(thread);
  }
  expect(page.url()).toMatch(new RegExp(`^${service.url}/`));
  await close();
  return shown;
}

const GIF = Buffer.from("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7", "base64");

it("would see them, shown as they came", async () => {
  const came = new Set<number>();
  for (let first = 0; first < numbers.length; first += 60) {
    const batch = numbers.slice(first, first + 60);
    const context = await browser.newContext();
    const page = await context.newPage();
    page.on("dialog", (dialog) => void dialog.dismiss());
    await context.route(/evil\.example/, async (route) => {
      came.add(Number(/\/s(\d+)\./.exec(route.request().url())?.[1]));
      await route.abort();
    });
    const inFrame = (n: number) => attackNumber(n).replaceAll("&", "&amp;").replaceAll('"', "&quot;");
    await page.setContent(batch.map((n) => `<iframe srcdoc="${inFrame(n)}"></iframe>`).join(""), {
      waitUntil: "commit",
    });
    for (let before = -1; before < came.size; await page.waitForTimeout(1000)) before = came.size;
    await context.close();
  }
  // Half do in a quiet browser. The others wait for a click, or for a browser of another time.
  expect(came.size).toBeGreaterThan(ATTACKS.length / 4);
}, 600_000);
