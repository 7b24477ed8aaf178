/** Hebrew and Arabic in a page of any language, and the page itself from right to left. */
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { type Service, startService } from "../../support/service.ts";
import { connectSmtp, type SmtpClient } from "../../support/smtp-client.ts";
import { launchChromium, signIn, type Visit, visit } from "../chromium.ts";

const SUBJECT = "פגישה ביום שישי, please";
const ARABIC = "مرحبا بكم في النادي. See you there.";

let service: Service;
let smtp: SmtpClient;
let browser: Browser;
let current: Visit;
let page: Page;

beforeAll(async () => {
  service = await startService();
  [smtp, browser] = await Promise.all([connectSmtp(service.smtp), launchChromium()]);
  const mail = (subject: string, type: string, text: string) =>
    smtp.send(
      "ines@river.example",
      ["alice@mesh.test"],
      Buffer.from(
        `From: Ines <ines@river.example>\r\nTo: alice@mesh.test\r\nSubject: ${subject}\r\nMIME-Version: 1.0\r\nContent-Type: ${type}; charset=utf-8\r\nMessage-ID: <${crypto.randomUUID()}@river.example>\r\n\r\n${text}\r\n`,
      ),
    );
  await mail(SUBJECT, "text/plain", ARABIC);
  await mail("A long subject about the river that has no room on a narrow screen at all", "text/plain", "Hello");
  await mail("Formatted", "text/html", `<p>${ARABIC}</p><p>${"long ".repeat(80)}</p>`);
});
afterAll(async () => {
  smtp?.close();
  await browser?.close();
  await service?.stop();
});

beforeEach(async () => {
  current = await visit(browser, service);
  ({ page } = current);
  await signIn(page, "alice@mesh.test");
});
afterEach(async () => {
  await current.close();
  expect(current.complaints).toEqual([]);
});

const row = (subject: string) => page.locator("#messages").getByRole("link", { name: subject });
const styleOf = (place: Locator, name: string): Promise<string> =>
  place.evaluate((node, name) => node.ownerDocument.defaultView.getComputedStyle(node)[name], name);
const directionOf = (place: Locator): Promise<string> => styleOf(place, "direction");
const mirror = () => page.evaluate('document.documentElement.dir = "rtl"');

it("shows each text in its own direction: in the list, opened, written and searched for", async () => {
  expect(await page.evaluate("document.documentElement.dir")).toBe("ltr");
  expect(await directionOf(row(SUBJECT).getByText(SUBJECT))).toBe("rtl");
  expect(await directionOf(row(SUBJECT).getByText("مرحبا"))).toBe("rtl");
  expect(await directionOf(row("Formatted").getByText("Formatted"))).toBe("ltr");
  await row(SUBJECT).click();
  const main = page.getByRole("main");
  expect(await directionOf(main.getByRole("heading", { name: SUBJECT }))).toBe("rtl");
  expect(await directionOf(main.getByText(ARABIC))).toBe("rtl");
  await row("Formatted").click();
  const letter = main.frameLocator("iframe").frameLocator("iframe");
  expect(await directionOf(letter.getByText(ARABIC))).toBe("rtl");

  await page.getByRole("combobox", { name: "Search" }).fill("נהר");
  expect(await directionOf(page.getByRole("combobox", { name: "Search" }))).toBe("rtl");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Write" }).first().click();
  const composer = page.getByRole("dialog");
  await composer.getByLabel("Subject").fill("נהר");
  expect(await directionOf(composer.getByLabel("Subject"))).toBe("rtl");
  await composer.getByRole("textbox", { name: "Text" }).fill(ARABIC);
  const [text, paragraph] = await composer.getByText("مرحبا").evaluate((place) => {
    const range = place.ownerDocument.createRange();
    range.selectNodeContents(place);
    return [range.getBoundingClientRect().right, place.getBoundingClientRect().right];
  });
  expect(text).toBe(paragraph);
});

/** What sticks out of the screen, but for what can be scrolled to within it. */
const STICKS_OUT = `
  (() => {
    const isScrolled = (place) =>
      place !== null && (getComputedStyle(place).overflowX !== "visible" || isScrolled(place.parentElement));
    const out = [...document.querySelectorAll("body *")].filter((place) => {
      const { left, right, width } = place.getBoundingClientRect();
      return width > 1 && (left < -1 || right > innerWidth + 1) && !isScrolled(place.parentElement);
    });
    const { scrollWidth } = document.documentElement;
    return [...out.map((place) => place.outerHTML.slice(0, 120)), ...(scrollWidth > innerWidth ? ["page"] : [])];
  })()
`;

it.each([375, 1280])("is mirrored as a whole, and nothing sticks out, %i pixels wide", async (width) => {
  await page.setViewportSize({ width, height: 800 });
  const look = async (screen: string) => {
    await mirror();
    expect([screen, await page.evaluate(STICKS_OUT)]).toEqual([screen, []]);
  };
  await look("list");
  if (width > 1000) {
    const folders = await page.getByRole("navigation", { name: "Folders" }).boundingBox();
    expect([folders?.x, folders?.width]).toEqual([width - (folders?.width ?? 0), folders?.width]);
    const [picture, link] = [
      await page.locator("#messages label").first().boundingBox(),
      await row(SUBJECT).boundingBox(),
    ];
    expect(picture?.x).toBeGreaterThan(link?.x ?? Number.POSITIVE_INFINITY);
  }
  await row(SUBJECT).click();
  await page.getByRole("main").getByText(ARABIC).waitFor();
  await look("conversation");
  // It points to where the answer goes.
  const reply = page.getByRole("main").locator(".lucide-reply").first();
  expect(await styleOf(reply, "scale")).toBe("-1 1");
  await page.goBack();
  await page.getByRole("button", { name: "Write" }).first().click();
  await page.getByRole("textbox", { name: "Text" }).waitFor();
  await look("composer");
  await page.keyboard.press("Escape");
  await page.getByRole("combobox", { name: "Search" }).fill("river");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Search: river" }).waitFor();
  await look("search");
  for (const section of ["general", "rules", "logins", "import", "storage"]) {
    await page.goto(`/settings/${section}`);
    await page.getByRole("heading", { level: 2 }).first().waitFor();
    await look(section);
  }
});
