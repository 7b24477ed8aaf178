/** A browser as a person uses it, and a witness of what its pages do. */
import { existsSync } from "node:fs";
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import type { Session } from "../../contract/sessions.ts";
import { logIn, PASSWORD, type Service } from "../support/service.ts";

const WHOLE = "/usr/bin/chromium";
/** The same engine without tabs and windows, which are pages themselves and took as long again as what is tested. */
const SHELL = "/usr/bin/chromium-headless-shell";

/** Debian's own. The shell shows no notifications; who needs them asks for the whole browser. */
export const launchChromium = ({ isWhole = !existsSync(SHELL) } = {}): Promise<Browser> =>
  chromium.launch({
    executablePath: isWhole ? WHOLE : SHELL,
    // The sandbox needs rights that a container does not give; without a graphics card, one in software takes a sixth
    // of the time.
    args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--disable-software-rasterizer"],
  });

export interface Visit {
  page: Page;
  /** Console errors (violations of the content security policy among them), exceptions and dialogs. */
  complaints: string[];
  /** The origins that were asked for anything, sockets included. */
  origins: Set<string>;
  context: BrowserContext;
  /** One page more in the same profile, as another tab or after the first was closed. */
  open(path?: string): Promise<Page>;
  close(): Promise<void>;
}

export interface VisitOptions extends BrowserContextOptions {
  hasServiceWorker?: boolean;
}

/**
 * A fresh profile on the service's page. Without the service worker, since what a test does to requests would not reach
 * those of a page that has one; offline.test.ts is about it.
 */
export async function visit(browser: Browser, service: Service, options: VisitOptions = {}): Promise<Visit> {
  const { hasServiceWorker = false, ...given } = options;
  const context = await browser.newContext({ baseURL: service.url, locale: "en-GB", ...given });
  if (!hasServiceWorker) await context.addInitScript("delete Navigator.prototype.serviceWorker");
  const complaints: string[] = [];
  const origins = new Set<string>();
  context.on("request", (request) => origins.add(new URL(request.url()).origin));
  const open = async (path = "/") => {
    const page = await context.newPage();
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(String(error)));
    page.on("dialog", (dialog) => {
      complaints.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on("websocket", (socket) => origins.add(new URL(socket.url()).origin.replace("ws", "http")));
    await page.goto(path);
    return page;
  };
  return { page: await open(), context, complaints, origins, open, close: () => context.close() };
}

export async function signIn(page: Page, email: string): Promise<void> {
  await page.getByLabel("Address").fill(email);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: "Inbox" }).waitFor();
}

/** For a profile in which somebody is signed in already. How one signs in is in web/signing-in.test.ts. */
export async function signedIn(service: Service, email: string, session?: Session) {
  const { token, user_id } = session ?? (await logIn(service, email));
  const login = { name: "__Host-mailmesh", value: token, domain: "127.0.0.1", path: "/", expires: -1 };
  const known = { "mailmesh.address": email, "mailmesh.user_id": user_id };
  const localStorage = Object.entries(known).map(([name, value]) => ({ name, value }));
  return {
    cookies: [{ ...login, httpOnly: true, secure: true, sameSite: "Strict" as const }],
    origins: [{ origin: service.url, localStorage }],
  };
}
