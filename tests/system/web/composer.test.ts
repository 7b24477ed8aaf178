/** The composer: where on the screen it is, and in which form a letter is written. */
import { expect, it } from "vitest";
import { callAs, inSink, page, row, setStage } from "./stage.ts";

const ALICE = "alice@mesh.test";
setStage({ signedInAs: ALICE, viewport: { width: 1280, height: 800 } });

const composer = () => page.getByRole("dialog");
const field = (name: string) => composer().getByLabel(name, { exact: true });
const press = (button: string) => composer().getByRole("button", { name: button, exact: true }).click();

async function write(subject: string, text: string): Promise<void> {
  await page.getByRole("button", { name: "Write" }).click();
  await field("To").fill("ines@river.example");
  await field("Subject").fill(subject);
  await field("Text").fill(text);
}

const widthOf = async () => (await composer().boundingBox())?.width ?? 0;

it("is a window, all of the screen, or a line at its foot, with the same words", async () => {
  await write("Where it is", "These words.");
  expect(await widthOf()).toBeLessThan(800);
  await press("Full screen");
  await expect.poll(widthOf).toBeGreaterThan(900);
  await press("Write in a window");
  await expect.poll(widthOf).toBeLessThan(800);
  await press("Minimise");
  await field("Text").waitFor({ state: "hidden" });
  await page.getByRole("button", { name: "Where it is" }).click();
  expect(await field("Text").innerText()).toBe("These words.");
});

it("is written as plain text, with the formatting back at a press", async () => {
  await callAs(ALICE, "PATCH", "/settings", { undo_seconds: 0 });
  await write("In its form", "Plainly:");
  await field("Text").press("Control+End");
  await page.keyboard.press("Control+b");
  await page.keyboard.type(" bold");
  await press("More options");
  await page.getByRole("menuitem", { name: "Write without formatting" }).click();
  await expect.poll(() => field("Text").inputValue()).toBe("Plainly: bold");
  await page.getByRole("button", { name: "Undo" }).click();
  await field("Text").getByText("bold").and(page.locator("strong")).waitFor();
  await press("More options");
  await page.getByRole("menuitem", { name: "Write without formatting" }).click();
  await expect.poll(() => field("Text").inputValue()).toBe("Plainly: bold");
  await press("Send");
  const { html, text } = await inSink("In its form");
  expect([html, text?.trimEnd()]).toEqual([false, "Plainly: bold"]);
});

it("is begun anew from what was sent", async () => {
  await callAs(ALICE, "PATCH", "/settings", { undo_seconds: 0 });
  await write("The first time", "With everything.");
  await press("Send");
  await inSink("The first time");
  await page.getByRole("navigation", { name: "Folders" }).getByRole("link", { name: "Sent" }).click();
  await row("The first time").click();
  await page.getByRole("main").getByRole("button", { name: "More", exact: true }).first().click();
  await page.getByRole("menuitem", { name: "Edit as new" }).click();
  await expect.poll(() => field("Subject").inputValue()).toBe("The first time");
  await composer().getByText("ines@river.example").waitFor();
  await field("Subject").fill("The second time");
  await press("Send");
  expect((await inSink("The second time")).text?.trimEnd()).toBe("With everything.");
});
