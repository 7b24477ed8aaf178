/** An hour of a reader, a minute after the other as fast as they can be done, with the clock of the page set on between them. */
import type { Browser, Page } from "playwright-core";
import { connectSmtp } from "../../tests/support/smtp-client.ts";
import { generate, wordOf } from "../generate.ts";
import type { Mailmesh } from "./mailmesh.ts";
import { type Memory, memoryOf, until } from "./marks.ts";

const MINUTES = 60;
/** What was learnt in the first twenty is kept: only what still grows after them is a leak. */
const SETTLED = 20;

/** Each minute: two messages come in, four are opened, one is archived, a folder is looked into, something is searched for. */
export async function simulatedHour(browser: Browser, webmail: Mailmesh): Promise<void> {
  const context = await webmail.newProfile(browser);
  const page = await context.newPage();
  await page.clock.install();
  await page.goto(webmail.url);
  await until(page, webmail.isListed);
  const session = await context.newCDPSession(page);
  await session.send("Performance.enable");
  const smtp = await connectSmtp(webmail.service.smtp);
  const mail = generate(10 * MINUTES, Date.now());
  const memories: Memory[] = [];
  for (let minute = 1; minute <= MINUTES; minute++) {
    for (const one of [mail.next().value, mail.next().value]) {
      if (one) await smtp.send(one.from, ["alice@mesh.test"], one.raw);
    }
    await aMinute(page, webmail, minute);
    await page.clock.fastForward(60_000);
    if (minute % 10 === 0) memories.push(await memoryOf(session));
  }
  smtp.close();
  await context.close();
  for (const [at, { heap, nodes, listeners }] of memories.entries()) {
    console.log(
      `after ${(at + 1) * 10} minutes`.padEnd(40),
      `${(heap / 1e6).toFixed(1)} MB of script objects, ${nodes} nodes, ${listeners} listeners`,
    );
  }
  const [settled, last] = [memories[SETTLED / 10 - 1], memories.at(-1)];
  if (settled === undefined || last === undefined) return;
  const growth = last.heap / settled.heap - 1;
  console.log(`from minute ${SETTLED} to ${MINUTES}`.padEnd(40), `${(growth * 100).toFixed(1)} % more`);
}

async function aMinute(page: Page, webmail: Mailmesh, minute: number): Promise<void> {
  for (let row = 0; row < 4; row++) {
    await webmail.open(page, row);
    await until(page, `${webmail.opened} !== null`);
  }
  await webmail.archive(page);
  const go = (name: string) => page.getByRole("navigation").getByRole("link", { name }).click();
  await go("Archive");
  await page.getByRole("heading", { name: "Archive" }).waitFor();
  const box = page.getByRole("combobox", { name: "Search" });
  await box.fill(wordOf(minute * 3));
  await box.press("Enter");
  await page.getByRole("heading", { name: /^Search/ }).waitFor();
  await go("Inbox");
  await until(page, webmail.isListed);
  await page.evaluate(`${webmail.scroller}.scrollBy(0, 3000)`);
  await page.waitForTimeout(100);
  await page.evaluate(`${webmail.scroller}.scrollTo(0, 0)`);
  await until(page, webmail.isListed);
}
