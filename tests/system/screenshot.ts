/**
 * `npm run screenshot`: writes docs/screenshot.png from the real service and a real browser. The mail comes in over SMTP
 * like any other; only the times of arrival are made older on their way to the page, since all of it came just now. The
 * fonts are this machine's.
 */
import { join } from "node:path";
import { createTransport } from "nodemailer";
import { z } from "zod";
import { MessagePage, MessageSummary } from "../../contract/messages.ts";
import { call, folderOf, logIn, startService } from "../support/service.ts";
import { launchChromium, signIn, visit } from "./chromium.ts";
import { MAIL, type MadeUpMail, OPENED } from "./screenshot-mail.ts";

const FILE = join(import.meta.dirname, "../../docs/screenshot.png");
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
try {
  const transport = createTransport({ host: "127.0.0.1", port: service.smtp, ignoreTLS: true });
  for (const mail of MAIL) await transport.sendMail(asSent(mail));
  await markRead();

  const { page } = await visit(browser, service, { viewport: { width: 1200, height: 760 } });
  for (const path of ["/v1/folders/*/messages**", "/v1/messages/*"]) {
    await page.route(path, async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, json: Answer.parse(await response.json()) });
    });
  }
  await signIn(page, "alice@mesh.test");
  await page.locator("#messages").getByRole("link", { name: OPENED }).click();
  await page.getByRole("main").getByRole("heading", { name: OPENED }).waitFor();
  // The opened message is read now, and the page has heard it.
  await page.locator("#folders .count", { hasText: "2" }).waitFor();
  await page.mouse.move(0, 0);
  await page.evaluate("document.activeElement.blur()");
  await page.screenshot({ path: FILE });
  console.log(FILE);
} finally {
  await browser.close();
  await service.stop();
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
