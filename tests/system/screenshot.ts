/**
 * `npm run screenshot`: writes docs/screenshots/*.png from the real service and a real browser. The mail comes in over SMTP
 * like any other; only the times of arrival are made older on their way to the page, since all of it came just now. The
 * fonts are this machine's.
 */
import { join } from "node:path";
import { createTransport } from "nodemailer";
import type { BrowserContextOptions, Page } from "playwright-core";
import { z } from "zod";
import { MessagePage, MessageSummary } from "../../contract/messages.ts";
import { call, folderOf, logIn, startService } from "../support/service.ts";
import { launchChromium, signIn, visit } from "./chromium.ts";
import { MAIL, type MadeUpMail, OPENED } from "./screenshot-mail.ts";

const FOLDER = join(import.meta.dirname, "../../docs/screenshots");
const now = Date.now();
const olderBy = new Map(MAIL.map(({ subject, age }) => [subject, age * 60_000]));

/** Whatever the API says of a message, as if it had come then. */
const Dated = z
  .looseObject({ subject: MessageSummary.shape.subject, received_at: z.string() })
  .transform((message) => ({
    ...message,
    received_at: new Date(now - (olderBy.get(message.subject) ?? 0)).toISOString(),
  }));
const Answer = z.union([z.looseObject({ messages: z.array(Dated) }), Dated]);

const service = await startService();
const browser = await launchChromium();
/** What to show, and how to get there from the inbox. */
interface Picture {
  name: string;
  show(page: Page): Promise<void>;
}

async function openLetter(page: Page): Promise<void> {
  await page.locator("#messages").getByRole("link", { name: OPENED }).click();
  await page.getByRole("main").getByRole("heading", { name: OPENED }).waitFor();
}

async function answer(page: Page): Promise<void> {
  await openLetter(page);
  await page.getByRole("button", { name: "Write" }).first().click();
  await page.getByLabel("To", { exact: true }).fill("jonas@river.example");
  await page.getByLabel("Subject").fill("The second boat");
}

async function search(page: Page): Promise<void> {
  await page.getByRole("combobox", { name: "Search" }).fill("boat");
  await page.getByRole("combobox", { name: "Search" }).press("Enter");
  await page.getByRole("heading", { name: "Search: boat" }).waitFor();
}

const PICTURES: Picture[] = [
  { name: "conversation", show: openLetter },
  { name: "composer", show: answer },
  { name: "search", show: search },
  { name: "settings", show: async (page) => void (await page.goto("/settings")) },
];

const LOOKS: { options: BrowserContextOptions; suffix: string; pictures: Picture[] }[] = [
  { options: { viewport: { width: 1280, height: 800 } }, suffix: "", pictures: PICTURES },
  { options: { viewport: { width: 1280, height: 800 }, colorScheme: "dark" }, suffix: "-dark", pictures: PICTURES },
  {
    options: { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true },
    suffix: "-phone",
    pictures: [{ name: "list", show: async () => {} }, ...PICTURES.slice(0, 1)],
  },
];

async function take({ options, suffix, pictures }: (typeof LOOKS)[number]): Promise<void> {
  const { page, close } = await visit(browser, service, options);
  for (const path of ["/v1/folders/*/messages**", "/v1/messages/*", "/v1/threads/*", "/v1/search**"]) {
    await page.route(path, async (route) => {
      const response = await route.fetch();
      const json: unknown = await response.json();
      const dated = Answer.safeParse(json);
      await route.fulfill({ response, json: dated.success ? dated.data : json });
    });
  }
  await signIn(page, "alice@mesh.test");
  for (const { name, show } of pictures) {
    await page.goto("/in/inbox");
    await page.locator("#messages").getByRole("link").first().waitFor();
    await show(page);
    await page.mouse.move(0, 0);
    await page.waitForTimeout(700);
    const path = join(FOLDER, `${name}${suffix}.png`);
    await page.screenshot({ path });
    console.log(path);
  }
  await close();
}

function asSent({ from, subject, text, attachment }: MadeUpMail) {
  const attachments = attachment && [
    { filename: attachment.name, contentType: attachment.type, content: attachment.content },
  ];
  return { from, to: "Alice <alice@mesh.test>", subject, text, attachments: attachments ?? [] };
}

async function markRead(): Promise<void> {
  const { token } = await logIn(service, "alice@mesh.test");
  const inbox = await folderOf(service, token, "inbox");
  const { messages } = (await call(service, "GET", `/v1/folders/${inbox.id}/messages`, { token })).json(MessagePage);
  const read = new Set(MAIL.filter(({ isRead }) => isRead).map(({ subject }) => subject));
  const ids = messages.filter(({ subject }) => read.has(subject)).map(({ id }) => id);
  await call(service, "POST", "/v1/messages/batch", { token, body: { ids, is_read: true } });
}

try {
  const transport = createTransport({ host: "127.0.0.1", port: service.smtp, ignoreTLS: true });
  for (const mail of MAIL) await transport.sendMail(asSent(mail));
  await markRead();

  for (const look of LOOKS) await take(look);
} finally {
  await browser.close();
  await service.stop();
}
