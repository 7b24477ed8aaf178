/** What comes with a message in the browser client: attachments, invitations, and what its sender wishes for. */
import { readFile } from "node:fs/promises";
import { unzipSync } from "fflate";
import { expect, it } from "vitest";
import { aFilm, anInvitation, aPdf, aPicture, aSound, compose } from "./reading-mail.ts";
import { allInSink, inSink, mail, opened, page, row, setStage, smtp } from "./stage.ts";

const ALICE = "alice@mesh.test";
setStage({ signedInAs: ALICE });

/** Over SMTP, as it is. */
const deliver = (message: Buffer, from = "ines@river.example") => smtp.send(from, [ALICE], message);

const downloadOf = async (click: Promise<void>) =>
  readFile(await (await Promise.all([page.waitForEvent("download"), click]))[0].path());

it("shows attachments without running them, marks the dangerous, and downloads all", async () => {
  const inner = await compose({ subject: "Inside", html: "<p>The <b>inner</b> words.</p><script>alert(9)</script>" });
  const aProgram = Buffer.concat([Buffer.from("MZ"), Buffer.alloc(200)]);
  const files = [
    { filename: "weir.png", content: aPicture() },
    { filename: "plan.pdf", content: aPdf("The plan of the weir") },
    { filename: "notes.txt", content: "Gloves\nRöpe\n" },
    { filename: "water.wav", content: aSound() },
    { filename: "weir.webm", content: await aFilm(page) },
    { filename: "inside.eml", contentType: "message/rfc822", content: inner },
    { filename: "setup.exe", content: aProgram },
    // What it says of itself is that it could be shown.
    { filename: "boat.png", content: aProgram },
  ];
  await deliver(await compose({ subject: "All of it", text: "Look.", attachments: files }));
  await row("All of it").click();
  const list = opened().getByRole("list", { name: "Attachments" });
  await list.getByText("A program. Opening it can harm your computer.").first().waitFor();
  for (const name of ["setup.exe", "boat.png"]) {
    await list.getByRole("link", { name }).waitFor();
    expect(await list.getByRole("button", { name }).count()).toBe(0);
  }

  await list.getByRole("button", { name: "weir.png" }).click();
  const dialog = page.getByRole("dialog");
  const isDrawn = "[...document.querySelectorAll('[role=dialog] img')].some((image) => image.naturalWidth === 120)";
  await expect.poll(() => page.evaluate(isDrawn)).toBe(true);
  await page.keyboard.press("ArrowRight");
  await dialog.getByText("The plan of the weir").waitFor({ state: "attached" });
  await page.keyboard.press("ArrowRight");
  await expect.poll(() => dialog.getByRole("textbox").inputValue()).toBe("Gloves\nRöpe\n");
  expect((await dialog.getByRole("textbox").boundingBox())?.height).toBeGreaterThan(300);
  await dialog.getByRole("button", { name: "Next" }).click();
  const length = "document.querySelector('[role=dialog] audio')?.duration";
  await expect.poll(() => page.evaluate(length)).toBeCloseTo(0.1);
  await dialog.getByRole("button", { name: "Next" }).click();
  await expect.poll(() => page.evaluate("document.querySelector('[role=dialog] video')?.videoWidth")).toBe(64);
  await dialog.getByRole("button", { name: "Next" }).click();
  await dialog.getByText("The inner words.").waitFor();
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  expect(await page.evaluate("document.activeElement.textContent")).toContain("weir.png");

  const zip = unzipSync(await downloadOf(opened().getByRole("button", { name: "Download all" }).click()));
  expect(Object.keys(zip)).toEqual(files.map(({ filename }) => filename));
  expect(Buffer.from(zip["weir.png"] ?? [])).toEqual(aPicture());
});

it("shows an invitation, and asks before a receipt is sent", async () => {
  const headers = { "Disposition-Notification-To": "ines@river.example" };
  const icalEvent = { method: "REQUEST", content: anInvitation };
  await deliver(await compose({ subject: "Please come", text: "Come.", icalEvent, headers }));
  await deliver(await compose({ subject: "Please say so", text: "Say.", headers }));
  await row("Please come").click();
  const invitation = opened().getByRole("region", { name: "Invitation" });
  await invitation.getByRole("heading", { name: "Clearing the weir" }).waitFor();
  await invitation.getByText("12 May 2027").waitFor();
  await invitation.getByText("North gate").waitFor();
  await invitation.getByRole("img", { name: "comes" }).waitFor();
  // It came twice: in place of the text and as a file.
  await opened().getByRole("heading", { name: "1 attachment" }).waitFor();

  await opened().getByRole("button", { name: "Do not tell" }).click();
  await opened().getByText("asks to be told").waitFor({ state: "detached" });
  await page.reload();
  await invitation.waitFor();
  expect(await opened().getByText("asks to be told").count()).toBe(0);

  // The other is told of, and the first was not.
  await row("Please say so").click();
  await opened().getByText("asks to be told").waitFor();
  expect(await allInSink("Read: Please say so")).toEqual([]);
  await opened().getByRole("button", { name: "Tell them" }).click();
  expect((await inSink("Read: Please say so")).to).toMatchObject({ text: "ines@river.example" });
  await opened().getByText("asks to be told").waitFor({ state: "detached" });
  expect(await allInSink("Read: Please come")).toEqual([]);
});

it("leaves a list by one click, by mail, or by the page that it names", async () => {
  await mail("By mail", "Offers.", { fields: ["List-Unsubscribe: <mailto:leave@river.example?subject=Off%207>"] });
  await mail("By its page", "Offers.", { fields: ["List-Unsubscribe: <https://river.example/leave?a>"] });
  await row("By mail").click();
  await opened().getByRole("button", { name: "Unsubscribe" }).click();
  await opened().getByText("The list was asked by mail to take you off.").waitFor();
  const asked = await inSink("Off 7");
  expect(asked.to).toMatchObject({ text: "leave@river.example" });
  await row("By its page").click();
  await opened().getByRole("button", { name: "Unsubscribe" }).click();
  const leave = opened().getByRole("link", { name: "Open the page" });
  expect(await leave.getAttribute("href")).toBe("https://river.example/leave?a");
  // A list that takes it from a program is asked by the server (tests/workers), outside of which there is nobody here.
  await page.route("**/v1/messages/*/unsubscribe", (route) =>
    route.fulfill({ json: { outcome: "unsubscribed", url: null } }),
  );
  await mail("By one click", "Offers.", { fields: ["List-Unsubscribe: <https://river.example/off>"] });
  await row("By one click").click();
  await opened().getByRole("button", { name: "Unsubscribe" }).click();
  await opened().getByText("You are off this list.").waitFor();
});
