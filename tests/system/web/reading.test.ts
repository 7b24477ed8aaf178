/** Reading in the browser client, on the whole service. After each test the page must have behaved. */
import { readFile } from "node:fs/promises";
import type { Locator } from "playwright-core";
import { afterAll, expect, it } from "vitest";
import { type FakeDns, startDns } from "../../../gateway/testing/fake-dns.ts";
import { call } from "../../support/service.ts";
import { aPicture, compose } from "./reading-mail.ts";
import { callAs, excuse, mail, messagesIn, opened, page, row, service, setStage, smtp } from "./stage.ts";

const ALICE = "alice@mesh.test";
/** Mail from river.example is from there, and bank.example says that mail from here is not. */
const ZONE = {
  "river.example": { TXT: ["v=spf1 ip4:127.0.0.1 -all"] },
  "_dmarc.river.example": { TXT: ["v=DMARC1; p=reject"] },
  "bank.example": { TXT: ["v=spf1 -all"] },
  "_dmarc.bank.example": { TXT: ["v=DMARC1; p=quarantine"] },
};

let dns: FakeDns;
const env = async () => {
  dns = await startDns(ZONE);
  return { INBOUND_AUTHENTICATION: "on", DNS_SERVERS: dns.server };
};
setStage({ signedInAs: ALICE, env });
afterAll(() => dns?.close());

/** Over SMTP, as it is. */
const deliver = (message: Buffer, from = "ines@river.example") => smtp.send(from, [ALICE], message);

const frame = () => opened().frameLocator("iframe").frameLocator("iframe");
const downloadOf = async (click: Promise<void>) =>
  readFile(await (await Promise.all([page.waitForEvent("download"), click]))[0].path());

const ATTACK = 'onerror="alert(1)" src="http://tracker.example/pixel.gif"';
const HOSTILE = Buffer.from(
  [
    `From: "<img ${ATTACK.replaceAll('"', "'")}>" <mallory@evil.example>`,
    `Subject: <img ${ATTACK}><script>alert(2)</script>`,
    ...["MIME-Version: 1.0", 'Content-Type: multipart/mixed; boundary="b"', "", "--b"],
    ...["Content-Type: text/html; charset=utf-8", ""],
    '<html><head><meta http-equiv="refresh" content="0;url=http://tracker.example/away">',
    '<link rel="stylesheet" href="http://tracker.example/a.css"><base href="http://tracker.example/">',
    "<style>@import url(http://tracker.example/b.css); body { background: url(http://tracker.example/c.png) }</style>",
    `</head><body onload="alert(3)"><p>You have won a boat.</p><img ${ATTACK}><svg onload="alert(4)"></svg>`,
    '<iframe src="http://tracker.example/frame"></iframe><script>alert(5)</script>',
    '<form action="http://tracker.example/form"><input name="password" autofocus onfocus="alert(6)"></form>',
    ...["</body></html>", "--b", "Content-Type: text/html"],
    'Content-Disposition: attachment; filename="<img src=x onerror=alert(7)>.html"',
    ...["", "<script>alert(8)</script>", "--b--", ""],
  ].join("\r\n"),
);

it("shows hostile HTML as what is left of it, in a frame that nothing leaves", async () => {
  await deliver(HOSTILE, "mallory@evil.example");
  // Where mail of this kind is put.
  await page.getByRole("link", { name: "Junk" }).click();
  await row("<script>alert(2)</script>").click();
  await frame().getByText("You have won a boat.").waitFor();
  expect(await frame().locator("iframe, script, link, svg, form, input, base, meta").count()).toBe(0);
  const made = opened().locator("img, script, style, link, form, base, meta");
  expect(await made.count()).toBe(0);

  const attachment = opened().getByRole("list", { name: "Attachments" }).getByRole("link");
  await attachment.scrollIntoViewIfNeeded();
  // The browser hears late that the frame has moved, and until then takes a click for the frame's.
  await page.waitForTimeout(500);
  expect((await downloadOf(attachment.click())).toString()).toBe("<script>alert(8)</script>");
  // Time for whatever would still happen.
  await page.waitForTimeout(500);
  expect(page.url().startsWith(service.url)).toBe(true);

  await opened().getByRole("button", { name: "Why is this in junk?" }).click();
  await page.getByRole("dialog").getByText("From 5 on it is spam").waitFor();
  await page.keyboard.press("Escape");
  await expect.poll(() => page.evaluate("document.activeElement.textContent")).toBe("Why is this in junk?");
});

it("gives an attachment to nobody who is not signed in", async () => {
  await deliver(HOSTILE, "mallory@evil.example");
  const { id } = (await messagesIn(ALICE, "junk")).find(({ has_attachment }) => has_attachment) ?? {};
  const path = `/messages/${id}/attachments/0`;
  expect((await callAs(ALICE, "GET", path)).status).toBe(200);
  expect((await call(service, "GET", `/v1${path}`)).status).toBe(401);
});

it("leaves the keyboard where it is when another device changes the message that is open", async () => {
  await mail("Held", "End.");
  await row("Held").press("Enter");
  await opened().getByText("End.").waitFor();
  const first = async () => (await messagesIn(ALICE, "inbox"))[0];
  await expect.poll(async () => (await first())?.is_read).toBe(true);
  await opened().getByRole("button", { name: "Reply", exact: true }).first().focus();
  const message = await first();
  // The list, and what is opened: each is fetched again, and drawn.
  const answers = ["messages", "threads"].map((kind) => page.waitForResponse(new RegExp(`/v1/${kind}/`)));
  await callAs(ALICE, "PATCH", `/messages/${message?.id}`, { is_flagged: true });
  await row("Held").locator("..").getByRole("button", { name: "Star", pressed: true }).waitFor();
  await Promise.all(answers);
  await page.waitForTimeout(200);
  expect(await page.evaluate("document.activeElement.getAttribute('aria-label')")).toBe("Reply");
});

it("is read on a phone, by keyboard alone", async () => {
  await page.setViewportSize({ width: 375, height: 700 });
  await mail(`Narrow ${"street".repeat(20)}`, `${"https://long.example/".repeat(9)}\r\n\r\nEnd.`);
  await row("Narrow").focus();
  const fits = "document.documentElement.scrollWidth <= innerWidth";
  expect(await page.evaluate(fits)).toBe(true);
  await page.keyboard.press("Enter");
  await opened().getByText("End.").waitFor();
  expect(await page.evaluate(fits)).toBe(true);
  expect(await row("Narrow").isVisible()).toBe(false);
  await opened().getByRole("link", { name: "Back to the list" }).press("Enter");
  await row("Narrow").waitFor();
  await page.goBack();
  await opened().getByText("End.").waitFor();

  // What is laid out for a desk is made to fit, and as high as it is.
  const wide = '<table width="600"><tr><td>Left<td align="right">Right<tr><td height="300">';
  await mail("Wide", wide, { fields: ["MIME-Version: 1.0", "Content-Type: text/html"] });
  await opened().getByRole("link", { name: "Back to the list" }).press("Enter");
  await row("Wide").press("Enter");
  await frame().getByText("Right").waitFor();
  const rightEdge = async () => (await frame().getByText("Right").boundingBox())?.x ?? 0;
  await expect.poll(rightEdge).toBeLessThan(375);
  const height = "document.querySelector('main iframe').getBoundingClientRect().height";
  await expect.poll(() => page.evaluate(height)).toBeGreaterThan(150);
  expect(await page.evaluate(height)).toBeLessThan(260);
});

it("begins with the subject on a phone, and at the newest of a long conversation everywhere", async () => {
  const names = Array.from({ length: 16 }, () => `<${crypto.randomUUID()}@river.example>`);
  for (const [n, name] of names.entries()) {
    const fields = [`Message-ID: ${name}`, ...(n === 0 ? [] : [`In-Reply-To: ${names[n - 1]}`])];
    await mail(n === 0 ? "The long row" : "Re: The long row", `Stroke ${n}.`, { fields });
  }
  await mail("The tall one", "A line.\r\n".repeat(80));
  await row("The long row").click();
  await opened().getByText("Stroke 15.").waitFor();
  await expect
    .poll(async () =>
      (await messagesIn(ALICE, "inbox")).filter(({ is_read }) => !is_read).map(({ subject }) => subject),
    )
    .not.toContain("Re: The long row");
  await page.reload();
  const isInView = async (place: Locator) => {
    const { y = -1 } = (await place.boundingBox()) ?? {};
    return y > 0 && y < (page.viewportSize()?.height ?? 0);
  };
  await expect.poll(() => isInView(opened().getByText("Stroke 15."))).toBe(true);
  await page.setViewportSize({ width: 390, height: 700 });
  await page.goto("/in/inbox");
  await row("The tall one").click();
  await opened().getByText("A line.").waitFor();
  await page.waitForTimeout(200);
  expect(await isInView(opened().getByRole("heading", { name: "The tall one" }))).toBe(true);
  expect(await isInView(opened().getByRole("link", { name: "Back to the list" }))).toBe(true);
});

it("says who it is from and to whom, what to believe of it, and shows it in other ways", async () => {
  const to =
    "Alice <alice@mesh.test>, Bob <bob@mesh.test>, lea@river.example, Tom <tom@river.example>, Uwe <u@river.example>";
  const text = "See https://river.example/weir.\n\nOn 3 May Tom wrote:\n> Who clears it?\n";
  await deliver(await compose({ subject: "The weir", to, text }));
  await row("The weir").click();
  await opened().getByText("Ines Carvalho ines@river.example").waitFor();
  await opened().getByText("Verified").waitFor();
  await opened().getByText("now").or(opened().getByText("ago")).waitFor();
  const details = opened().getByRole("button", { name: "To me, Bob, lea@river.example and 2 others" });
  await details.click();
  await opened().getByText("Tom <tom@river.example>, Uwe <u@river.example>").waitFor();
  await opened().getByText("river.example (SPF)").waitFor();
  await opened().getByRole("definition").getByText("river.example confirms that it sent this message.").waitFor();
  await details.click();

  const link = opened().getByRole("link", { name: "https://river.example/weir", exact: true });
  expect(await link.getAttribute("rel")).toContain("noreferrer");
  expect(await opened().getByText("> Who clears it?").isVisible()).toBe(false);
  await opened().getByText("Quoted text").click();
  await opened().getByText("> Who clears it?").waitFor();

  await choose("Show all headers");
  await opened().getByText("Ines Carvalho <ines@river.example>").first().waitFor();
  await choose("Show the original");
  expect(await opened().getByRole("textbox").inputValue()).toContain("Subject: The weir\n");
  await choose("Mute conversation");
  await page.getByText("Muted: you hear no more of this conversation.").waitFor();
  await opened().getByRole("button", { name: "Muted" }).click();
  await opened().getByRole("button", { name: "Muted" }).waitFor({ state: "detached" });
});

/** From the menu of what is rarely done. */
async function choose(name: string): Promise<void> {
  await opened().getByRole("button", { name: "More" }).click();
  await page.getByRole("menuitem", { name }).click();
}

it("warns of what is forged, in the reader's language", async () => {
  await page.addInitScript("Object.defineProperty(navigator, 'languages', { value: ['de-DE', 'de'] })");
  const lies = '<a href="https://evil.example/">https://bank.example/login</a>';
  await deliver(await compose({ from: "Bank <info@bank.example>", subject: "Gesperrt", html: lies }), "x@evil.example");
  await page.reload();
  await page.getByRole("link", { name: "Spam" }).click();
  await row("Gesperrt").click();
  await opened().getByText("Gefälscht").waitFor();
  const notes = opened().getByRole("note");
  await notes.getByText("Sie ist nicht von dem, der darin steht").waitFor();
  await notes.getByText("Ein Link zeigt eine Adresse und führt zu einer anderen: evil.example.").waitFor();
});

it("folds what HTML quotes, loads images elsewhere when asked to, and then always, and hears keys in it", async () => {
  const quote =
    '<div class="gmail_quote"><div>On 3 May Tom wrote:<br></div><blockquote>Who clears it?</blockquote></div>';
  const body = `<style>p { color: red }</style><div style="margin: 4px">I do. <img src="https://far.example/a.png" alt="A boat"> <a href="mailto:tom@river.example">Write to Tom</a></div><br>${quote}`;
  for (const subject of ["First boat", "Second boat"]) await deliver(await compose({ subject, html: body }));
  const asked: string[] = [];
  await page.route("**/v1/proxy/image?**", (route) => {
    asked.push(route.request().url());
    return route.fulfill({ contentType: "image/png", body: aPicture(8) });
  });
  await row("First boat").click();
  await frame().getByText("I do.").waitFor();
  expect(await frame().getByText("Who clears it?").isVisible()).toBe(false);
  await frame().getByText("Quoted text").click();
  await frame().getByText("Who clears it?").waitFor();
  expect(asked).toEqual([]);
  await opened().getByRole("button", { name: "Always from this sender" }).click();
  await page.getByText("Images from ines@river.example are always shown now.").waitFor();
  await expect.poll(() => asked.length).toBe(1);
  await row("Second boat").click();
  await expect.poll(() => asked.length).toBe(2);
  expect(await opened().getByRole("button", { name: "Show images" }).count()).toBe(0);

  await frame().getByRole("link", { name: "Write to Tom" }).click();
  await page.getByText("tom@river.example").first().waitFor();
  await page.keyboard.press("Escape");
  await page.evaluate("addEventListener('keydown', ({ key }) => { window.pressed = key; })");
  await frame().getByText("I do.").click();
  await page.keyboard.press("e");
  await expect.poll(() => page.evaluate("window.pressed")).toBe("e");
});

it("asks for what a row opens as the row is pressed, and moves a frame to it that was loaded before", async () => {
  // Else the newest messages are fetched soon anyhow, to be kept.
  await page.route("**/assets/keep-newest-*.js", (route) => route.abort());
  await page.reload();
  await deliver(await compose({ subject: "Pressed", html: "<p>At once.</p>" }));
  await row("Pressed").waitFor();
  const spare = page.locator("body > iframe");
  await spare.waitFor({ state: "attached" });
  await spare.evaluate((frame) => frame.setAttribute("data-before", ""));
  const asked = page.waitForRequest(/\/v1\/messages\//);
  await row("Pressed").hover();
  await page.mouse.down();
  await asked;
  expect(await opened().getByText("At once.").count()).toBe(0);
  await page.mouse.up();
  await frame().getByText("At once.").waitFor();
  expect(await opened().locator("iframe[data-before]").count()).toBe(1);
  // For the next one.
  await spare.waitFor({ state: "attached" });
  excuse(/ERR_FAILED/);
});

it("shows a letter although the frame that was to wait for it could not be loaded", async () => {
  await deliver(await compose({ subject: "Back again", html: "<p>All the same.</p>" }));
  await page.route("**/letter", (route) => route.abort());
  const failed = page.waitForEvent("requestfailed", (request) => request.url().endsWith("/letter"));
  await page.reload();
  await failed;
  await page.unroute("**/letter");
  await row("Back again").click();
  await frame().getByText("All the same.").waitFor();
  excuse(/ERR_FAILED/);
});

it("loads a frame for each letter where the browser cannot move one", async () => {
  await page.addInitScript("delete Element.prototype.moveBefore");
  await page.reload();
  await deliver(await compose({ subject: "Not moved", html: "<p>In its own time.</p>" }));
  await row("Not moved").click();
  await frame().getByText("In its own time.").waitFor();
  expect(await page.locator("body > iframe").count()).toBe(0);
});

it("prints one message, without what is around it", async () => {
  const messageId = `<${crypto.randomUUID()}@river.example>`;
  await deliver(await compose({ subject: "On paper", text: "Lead.", messageId }));
  await deliver(await compose({ subject: "Re: On paper", html: "<p>Ink.</p>", inReplyTo: messageId }));
  // What is printed looks so for as long as the dialog of the browser is open.
  await page.addInitScript(`window.print = () => {
    window.printed = document.title;
    for (const one of document.querySelectorAll("[data-printed]")) setTimeout(() => (one.dataset.printed = ""), 100);
  }`);
  await page.reload();
  await row("On paper").click();
  await frame().getByText("Ink.").waitFor();
  await opened().getByText("Lead.").waitFor();
  await opened().getByRole("button", { name: "More" }).last().click();
  await page.getByRole("menuitem", { name: "Print" }).click();
  await expect.poll(() => page.evaluate("window.printed")).toBe("On paper");
  await page.locator("[data-printed]").waitFor();
  await page.emulateMedia({ media: "print" });
  expect(await page.locator("#messages").isVisible()).toBe(false);
  expect(await opened().getByRole("button", { name: "Reply", exact: true }).last().isVisible()).toBe(false);
  expect(await opened().getByText("Lead.").isVisible()).toBe(false);
  expect(await frame().getByText("Ink.").isVisible()).toBe(true);
});

it("says that a part of itself could not be fetched, and goes on without it", async () => {
  await mail("Still here", "As it was.");
  await page.route("**/assets/reading-*.js", (route) => route.abort());
  await page.reload();
  await row("Still here").click();
  await opened().getByText("This part of Mailmesh could not be loaded.").waitFor();
  await page.getByRole("link", { name: "Archive" }).click();
  await page.goBack();
  await page.unroute("**/assets/reading-*.js");
  await opened().getByRole("button", { name: "Load the page again" }).click();
  await opened().getByText("As it was.").waitFor();
  excuse(/ERR_FAILED|dynamically imported module/);
});
