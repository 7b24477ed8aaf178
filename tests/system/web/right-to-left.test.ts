/** Hebrew and Arabic in a page of any language, and the page itself from right to left. */
import type { Locator } from "playwright-core";
import { beforeEach, expect, it } from "vitest";
import { mail, messagesIn, opened, page, row, setStage } from "./stage.ts";

const ALICE = "alice@mesh.test";
const SUBJECT = "פגישה ביום שישי, please";
const ARABIC = "مرحبا بكم في النادي. See you there.";

setStage({ signedInAs: ALICE });

beforeEach(async () => {
  if ((await messagesIn(ALICE, "inbox")).length > 0) return;
  await mail(SUBJECT, ARABIC, { fields: ["MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8"] });
  await mail("A long subject about the river that has no room on a narrow screen at all");
  const html = { fields: ["MIME-Version: 1.0", "Content-Type: text/html; charset=utf-8"] };
  await mail("Formatted", `<p>${ARABIC}</p><p>${"long ".repeat(80)}</p>`, html);
});

const styleOf = (place: Locator, name: string): Promise<string> =>
  place.evaluate((node, name) => node.ownerDocument.defaultView.getComputedStyle(node)[name], name);
const directionOf = (place: Locator): Promise<string> => styleOf(place, "direction");

/** As with a language that is read from the right, which the client does not have yet. */
const MIRRORED = `
  const dir = Object.getOwnPropertyDescriptor(HTMLElement.prototype, "dir");
  Object.defineProperty(HTMLElement.prototype, "dir", {
    ...dir,
    set(value) { dir.set.call(this, this === document.documentElement ? "rtl" : value); },
  });
`;

it("shows each text in its own direction: in the list, opened, written and searched for", async () => {
  expect(await page.evaluate("document.documentElement.dir")).toBe("ltr");
  expect(await directionOf(row(SUBJECT).getByText(SUBJECT))).toBe("rtl");
  expect(await directionOf(row(SUBJECT).getByText("مرحبا"))).toBe("rtl");
  expect(await directionOf(row("Formatted").getByText("Formatted"))).toBe("ltr");
  // It begins where the sender does, and ends before the list does.
  const [link, subject] = [await row(SUBJECT).boundingBox(), await row(SUBJECT).getByText(SUBJECT).boundingBox()];
  expect(subject?.x).toBe(link?.x);
  expect(await styleOf(row(SUBJECT).getByText(SUBJECT), "padding-left")).toBe("0px");
  await row(SUBJECT).click();
  const main = opened();
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
  await page.addInitScript(MIRRORED);
  await page.reload();
  await row(SUBJECT).waitFor();
  const look = async (screen: string) => {
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
  await opened().getByText(ARABIC).waitFor();
  await look("conversation");
  // It points to where the answer goes.
  const reply = opened().locator(".lucide-reply").first();
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
