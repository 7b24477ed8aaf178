/**
 * `npm run screenshot`: writes docs/screenshots/*.png from the real service and a real browser. The mail comes in over SMTP
 * like any other; only the times of arrival are made older on their way to the page, since all of it came just now. What
 * the operator sees is in screenshot-operator.ts. The fonts are this machine's.
 */
import { join } from "node:path";
import { createTransport } from "nodemailer";
import type { BrowserContextOptions, Page } from "playwright-core";
import { z } from "zod";
import { MessagePage, MessageSummary } from "../../contract/messages.ts";
import { startDoh } from "../../gateway/testing/fake-doh.ts";
import { startRelay } from "../support/relay.ts";
import { call, folderOf, logIn, startService } from "../support/service.ts";
import { launchChromium, signIn, visit } from "./chromium.ts";
import { MAIL, type MadeUpMail, OPENED } from "./screenshot-mail.ts";
import { ageTheQueue, DOMAIN, putOff, setUp } from "./screenshot-operator.ts";

const FOLDER = join(import.meta.dirname, "../../docs/screenshots");
const now = Date.now();
const olderBy = new Map(MAIL.map(({ from, subject, age }) => [`${/<(.*)>/.exec(from)?.[1]} ${subject}`, age * 60_000]));

/** Whatever the API says of a message, as if it had come then. */
const Dated = z
  .looseObject({ from: MessageSummary.shape.from, subject: MessageSummary.shape.subject, received_at: z.string() })
  .transform((message) => ({
    ...message,
    received_at: new Date(now - (olderBy.get(`${message.from?.email} ${message.subject}`) ?? 0)).toISOString(),
  }));
const Answer = z.union([z.looseObject({ messages: z.array(Dated) }), Dated]);

const [doh, relay] = await Promise.all([startDoh({}), startRelay()]);
putOff(relay);
const service = await startService({
  env: { DOH_URL: doh.url, RELAY_URL: `smtp://127.0.0.1:${relay.port}`, RETRY_DELAYS_SECONDS: "3600" },
});
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
  await page.getByRole("main").getByRole("button", { name: "Forward" }).click();
  const composer = page.getByRole("dialog");
  await composer.getByLabel("To", { exact: true }).fill("jonas@river.example,");
  await composer.getByLabel("Text").focus();
  await page.keyboard.type("Jonas, can you tell the crew? It may be Thursday.");
  await composer.getByText("Saved in Drafts").waitFor();
}

async function search(page: Page): Promise<void> {
  await page.getByRole("combobox", { name: "Search" }).fill("saturday");
  await page.getByRole("combobox", { name: "Search" }).press("Enter");
  await page.getByRole("heading", { name: "Search: saturday" }).waitFor();
}

const go = (address: string, heading: string) => async (page: Page) => {
  await page.goto(address);
  await page.getByRole("heading", { name: heading, level: 2 }).waitFor();
};

async function makeRule(page: Page): Promise<void> {
  await go("/settings/rules", "Rules")(page);
  await page.getByRole("button", { name: "New rule" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Text").fill("river.example");
  await dialog.getByLabel("Star").check();
  await dialog.getByText("of your messages meet it:").waitFor();
}

const list: Picture = { name: "list", show: async () => {} };
const conversation: Picture = { name: "conversation", show: openLetter };
const [composer, found] = [
  { name: "composer", show: answer },
  { name: "search", show: search },
];
const settings: Picture = { name: "settings", show: go("/settings", "General") };
const admin: Picture[] = [
  {
    name: "admin-domain",
    show: async (page) => {
      await go(`/admin/domains/${DOMAIN}`, DOMAIN)(page);
      await page.getByText("Something is missing.").waitFor();
    },
  },
  {
    name: "admin-dns",
    show: async (page) => {
      await go(`/admin/domains/${DOMAIN}`, DOMAIN)(page);
      await page.getByText("Something is missing.").scrollIntoViewIfNeeded();
      await page.getByRole("heading", { name: "DNS", exact: true }).evaluate("(at) => at.scrollIntoView()");
    },
  },
  { name: "admin-queue", show: go("/admin/queue", "Mail on its way out") },
  { name: "admin-dead-letters", show: go("/admin/dead-letters", "Dead letters") },
];
const PICTURES: Picture[] = [
  ...[list, conversation, composer, found, settings],
  { name: "rule", show: makeRule },
  { name: "storage", show: go("/settings/storage", "Storage") },
  ...admin,
];
const named = (...names: string[]) => PICTURES.filter(({ name }) => names.includes(name));

const DESK = { width: 1280, height: 800 };
const LOOKS: { options: BrowserContextOptions; suffix: string; pictures: Picture[] }[] = [
  { options: { viewport: DESK }, suffix: "", pictures: PICTURES },
  {
    options: { viewport: DESK, colorScheme: "dark" },
    suffix: "-dark",
    pictures: named("list", "conversation", "composer", "search", "settings", "admin-queue"),
  },
  {
    options: { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true },
    suffix: "-phone",
    pictures: named("list", "conversation", "composer", "search", "settings", "admin-queue"),
  },
];

async function take({ options, suffix, pictures }: (typeof LOOKS)[number], secret: string): Promise<void> {
  const { page, close } = await visit(browser, service, options);
  for (const path of ["/v1/folders/*/messages**", "/v1/messages/*", "/v1/threads/*", "/v1/search**"]) {
    await page.route(path, async (route) => {
      const response = await route.fetch();
      // What is not JSON has no times in it.
      const json: unknown = await response.json().catch(() => null);
      const dated = Answer.safeParse(json);
      await route.fulfill(dated.success ? { response, json: dated.data } : { response });
    });
  }
  await ageTheQueue(page);
  await page.goto("/admin");
  await page.getByLabel("Admin secret").fill(secret);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("link", { name: DOMAIN }).waitFor();
  await page.goto("/");
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
    const discard = page.getByRole("button", { name: "Discard" });
    if (await discard.isVisible()) await discard.click();
  }
  await close();
}

const nameOf = (id: string) => `<${id}@mail.example>`;

function asSent({ from, cc, subject, text, attachment, id = crypto.randomUUID(), answers }: MadeUpMail) {
  const attachments = attachment && [
    { filename: attachment.name, contentType: attachment.type, content: attachment.content },
  ];
  return {
    ...{ from, to: "Alice <alice@mesh.test>", subject, text, attachments: attachments ?? [] },
    messageId: nameOf(id),
    ...(cc === undefined ? {} : { cc }),
    ...(answers === undefined ? {} : { inReplyTo: nameOf(answers), references: nameOf(answers) }),
  };
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

  const secret = await setUp(service, doh);
  for (const look of LOOKS) await take(look, secret);
} finally {
  await browser.close();
  await service.stop();
  await relay.close();
  doh.close();
}
