/**
 * What the tests of this folder begin with: for a file the whole service, a connection to it over SMTP and Chromium; for
 * each test a fresh profile with a page in it, which must have behaved when the test is over.
 *
 * They are bindings of this module, which each test file has for itself.
 */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { type ParsedMail, simpleParser } from "mailparser";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect } from "vitest";
import type { FolderRole } from "../../../contract/folders.ts";
import { MessagePage, type MessageSummary } from "../../../contract/messages.ts";
import type { Session } from "../../../contract/sessions.ts";
import { type Answer, call, eventually, folderOf, logIn, type Service, startService } from "../../support/service.ts";
import { connectSmtp, type SmtpClient } from "../../support/smtp-client.ts";
import { launchChromium, signedIn, type Visit, type VisitOptions, visit } from "../chromium.ts";

export let service: Service;
export let smtp: SmtpClient;
export let browser: Browser;
export let current: Visit;
export let page: Page;

interface Stage extends VisitOptions {
  /** Whose mail the page of each test shows. Left out, it is the page that asks who signs in. */
  signedInAs?: string;
  /** What the service is started with besides. */
  env?: () => Promise<Record<string, string>>;
  /** See launchChromium. */
  isWhole?: boolean;
}

/** Called at the head of a file. */
export function setStage({ signedInAs, env, isWhole, ...options }: Stage = {}): void {
  beforeAll(async () => {
    service = await startService({ env: (await env?.()) ?? {} });
    const launched = launchChromium(isWhole === undefined ? {} : { isWhole });
    [smtp, browser] = await Promise.all([connectSmtp(service.smtp), launched]);
  });
  afterAll(async () => {
    smtp?.close();
    await browser?.close();
    await service?.stop();
  });
  beforeEach(async () => {
    current = await (signedInAs === undefined ? visit(browser, service, options) : visitAs(signedInAs, options));
    ({ page } = current);
  });
  afterEach(() => leave(current));
}

/** A fresh profile in which somebody is signed in. */
export async function visitAs(email: string, options: VisitOptions = {}): Promise<Visit> {
  const storageState = await signedIn(service, email, await sessionOf(email));
  return visit(browser, service, { ...options, storageState });
}

const sessions = new Map<string, Session>();

/** One for all profiles of a file, until a test ends it: hashing the password each time takes longer than some tests. */
async function sessionOf(email: string): Promise<Session> {
  const known = sessions.get(email);
  if (known && (await call(service, "GET", "/v1/settings", known)).status === 200) return known;
  const session = await logIn(service, email);
  sessions.set(email, session);
  return session;
}

/** This test goes on as somebody else, whose profile is fresh too. */
export async function enterAs(email: string): Promise<void> {
  await leave(current);
  current = await visitAs(email);
  ({ page } = current);
}

/** The visit ends. Its page has not complained, nor asked anybody but the service for anything. */
export async function leave({ close, complaints, origins }: Visit): Promise<void> {
  await close();
  expect(complaints).toEqual([]);
  expect([...origins]).toEqual([service.url]);
}

/** A new tab in the same profile, with which the test goes on. */
export async function openTab(path?: string): Promise<void> {
  page = await current.open(path);
}

/**
 * The tab is closed while the network is gone. What is in it goes before: with its debugger a tab that closes would get
 * the network back, for long enough to send what it has.
 */
export async function leaveOffline(): Promise<void> {
  await page.goto("about:blank");
  await page.close();
}

/** What the browser said of requests that were refused or cut, as they were meant to be, is no complaint about the page. */
export function excuse(about: RegExp): void {
  for (const complaint of current.complaints.splice(0)) expect(complaint).toMatch(about);
}

const tokens = new Map<string, Promise<string>>();

function tokenOf(email: string): Promise<string> {
  const token = tokens.get(email) ?? logIn(service, email).then(({ token }) => token);
  tokens.set(email, token);
  return token;
}

/** What the server itself says, asked as somebody who is signed in. */
export const callAs = async (email: string, method: string, path: string, body?: unknown): Promise<Answer> =>
  call(service, method, `/v1${path}`, { token: await tokenOf(email), body });

/** The newest hundred that the server has in a folder. */
export async function messagesIn(email: string, role: FolderRole): Promise<MessageSummary[]> {
  const { id } = await folderOf(service, await tokenOf(email), role);
  return (await callAs(email, "GET", `/folders/${id}/messages?limit=100`)).json(MessagePage).messages;
}

interface MailOptions {
  from?: string;
  /** One address, or several with a comma between them. */
  to?: string;
  /** Header fields besides, a line each. One that names the message is made up where none does. */
  fields?: string[];
}

/** A message that comes in over SMTP, as from outside. Resolves with its 250. */
export async function mail(subject: string, text = "Nothing much.", options: MailOptions = {}): Promise<void> {
  const { from = "Ines Carvalho <ines@river.example>", to = "alice@mesh.test", fields = [] } = options;
  const hasName = fields.some((field) => /^Message-ID:/i.test(field));
  const name = hasName ? [] : [`Message-ID: <${crypto.randomUUID()}@river.example>`];
  const lines = [`From: ${from}`, `To: ${to}`, `Subject: ${subject}`, ...name, ...fields, "", text, ""];
  const sender = /<(.+)>/.exec(from)?.[1] ?? from;
  await smtp.send(sender, to.split(", "), Buffer.from(lines.join("\r\n")));
}

/** What left for the outside, by its subject: the sink keeps it as it came over SMTP. */
export async function allInSink(subject: string): Promise<ParsedMail[]> {
  const folder = join(service.state, "sink");
  const files = (await readdir(folder)).filter((name) => name.endsWith(".eml"));
  const mails = await Promise.all(files.map(async (name) => simpleParser(await readFile(join(folder, name)))));
  return mails.filter((mail) => mail.subject === subject);
}
export const inSink = (subject: string): Promise<ParsedMail> =>
  eventually(async () => (await allInSink(subject))[0], 20);

/** In the list of messages. */
export const rows = (on: Page = page) => on.locator("#messages li");
export const row = (subject: string, on: Page = page) => on.locator("#messages").getByRole("link", { name: subject });
/** What is opened of it. */
export const opened = () => page.getByRole("main");
