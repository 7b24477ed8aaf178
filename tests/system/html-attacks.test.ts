/**
 * Hostile HTML in a real browser: each snippet comes in over SMTP and is shown by the page's own code, in its frames and
 * under its policies. Not one may run, navigate, open anything, or ask another host for anything. Shown as it came, most
 * of them do.
 */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { MessagePage } from "../../contract/messages.ts";
import { ATTACKS, attackNumber } from "../html-attacks/attacks.ts";
import { call, folderOf, logIn, type Service, startService } from "../support/service.ts";
import { connectSmtp, type SmtpClient } from "../support/smtp-client.ts";
import { launchChromium, signIn, visit } from "./chromium.ts";

/** Shown at once, each in its frame. */
const AT_ONCE = 60;
const CONNECTIONS = 8;
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

/** The snippets as messages, by number. */
async function delivered(): Promise<Map<number, string>> {
  const connections = await Promise.all(Array.from({ length: CONNECTIONS }, () => connectSmtp(service.smtp)));
  const send = async (smtp: SmtpClient, n: number) => {
    const head = ["From: m@evil.example", `Subject: attack ${n}`, "MIME-Version: 1.0"];
    const type = ["Content-Type: text/html; charset=utf-8", "Content-Transfer-Encoding: base64", ""];
    const bytes = Buffer.from(attackNumber(n)).toString("base64").replaceAll(/.{76}/g, "$&\r\n");
    await smtp.send("m@evil.example", ["alice@mesh.test"], Buffer.from([...head, ...type, bytes, ""].join("\r\n")));
  };
  await Promise.all(
    connections.map(async (smtp, first) => {
      for (let n = first; n < ATTACKS.length; n += CONNECTIONS) await send(smtp, n);
      smtp.close();
    }),
  );
  const { token } = await logIn(service, "alice@mesh.test");
  const ids = new Map<number, string>();
  // Much of it looks like spam, and some does not.
  for (const role of ["inbox", "junk"] as const) await collect(token, (await folderOf(service, token, role)).id, ids);
  return ids;
}

async function collect(token: string, folder: string, ids: Map<number, string>): Promise<void> {
  for (let cursor: string | null = ""; cursor !== null; ) {
    const path = `/v1/folders/${folder}/messages?limit=100${cursor && `&cursor=${cursor}`}`;
    const page: MessagePage = (await call(service, "GET", path, { token })).json(MessagePage);
    for (const { id, subject } of page.messages) ids.set(Number(/^attack (\d+)$/.exec(subject)?.[1]), id);
    cursor = page.next_cursor;
  }
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
    const isPlace = url.protocol === "blob:" || url.href === "about:blank" || ["/", "/letter"].includes(url.pathname);
    if (!isOurs(url.href) || !isPlace) seen.add(`went to ${url.href}`);
  });
  page.on("download", (download) => seen.add(`download ${download.url()}`));
  return seen;
}

/** Shows messages by the page's own code, and waits until each has loaded. */
const show = (page: Page, ids: string[], isProxied: boolean): Promise<number> =>
  page.evaluate(
    `(async (ids, query) => {
      const { htmlBody } = await import("/html-body.js");
      const place = document.createElement("section");
      document.body.append(place);
      const open = async (id) => (await fetch("/v1/messages/" + id + query)).json();
      for (const message of await Promise.all(ids.map(open))) {
        // What has no remote images is the very same with them.
        if (message.body_html !== null && (query === "" || message.remote_images > 0)) place.append(...htmlBody(message, async () => {}).filter((node) => node.matches("iframe")));
      }
      const letters = [...place.querySelectorAll("iframe")];
      const soon = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
      const loaded = async (letter) => {
        let inner;
        while (!(inner = letter.contentDocument?.querySelector("iframe"))) await soon(5);
        // It may have loaded already.
        await Promise.race([new Promise((resolve) => inner.addEventListener("load", resolve)), soon(800)]);
      };
      await Promise.all(letters.map(loaded));
      // What handlers, animations and delays would do still.
      await soon(400);
      place.remove();
      return letters.length;
    })(${JSON.stringify(ids)}, ${JSON.stringify(isProxied ? "?images=proxied" : "")})`,
  );

it("lets no attack run, navigate or ask another host for anything, with images and without", async () => {
  const ids = await delivered();
  expect(ids.size).toBe(ATTACKS.length);
  const { page, complaints, close } = await visit(browser, service);
  await signIn(page, "alice@mesh.test");
  const seen = witness(page);
  // What the proxy would bring is an image; its servers are nowhere.
  await page.route("**/v1/proxy/image?**", (route) => route.fulfill({ contentType: "image/gif", body: GIF }));
  let shown = 0;
  for (const isProxied of [false, true]) {
    for (const batch of batches) {
      shown += await show(
        page,
        batch.map((n) => ids.get(n) ?? ""),
        isProxied,
      );
      const found = complaints.splice(0);
      expect({ batch, isProxied, seen: [...seen], found }).toEqual({ batch, isProxied, seen: [], found: [] });
    }
  }
  // All but the few that are nested too deeply to be shown as HTML, and once more those that have images.
  expect(shown).toBeGreaterThan(1.1 * ATTACKS.length);
  expect(page.url()).toMatch(new RegExp(`^${service.url}/`));
  await close();
}, 300_000);

const GIF = Buffer.from("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7", "base64");

it("would see them, shown as they came", async () => {
  const came = new Set<number>();
  for (const batch of batches) {
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
}, 300_000);
