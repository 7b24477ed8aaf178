/** Writing, in a real browser on the whole service: nothing that was written is lost, and what was sent arrives. */
import type { Page } from "playwright-core";
import { beforeAll, expect, it } from "vitest";
import { signIn } from "../chromium.ts";
import {
  allInSink,
  callAs,
  current,
  excuse,
  inSink,
  leaveOffline,
  mail,
  messagesIn,
  openTab,
  page,
  row,
  setStage,
} from "./stage.ts";

setStage({ signedInAs: "alice@mesh.test" });
const undoFor = (undo_seconds: number) => callAs("alice@mesh.test", "PATCH", "/settings", { undo_seconds });
// What nobody takes back need not be waited for.
beforeAll(async () => void (await undoFor(0)));

const composer = () => page.getByRole("dialog");
const field = (name: string) => composer().getByLabel(name, { exact: true });
/** Rich or plain. */
const text = async () => {
  const isRich = (await field("Text").getAttribute("contenteditable")) !== null;
  return isRich ? field("Text").innerText() : field("Text").inputValue();
};
const send = () => composer().getByRole("button", { name: "Send", exact: true }).click();

async function write(to: string, subject: string, text: string): Promise<void> {
  await page.getByRole("button", { name: "Write" }).click();
  await field("To").fill(to);
  await field("Subject").fill(subject);
  await field("Text").fill(text);
}

it("answers as it was written, to everybody who should hear it", async () => {
  await mail("The keys", "Who has them?");
  await row("The keys").click();
  await page.getByRole("main").getByRole("button", { name: "Reply", exact: true }).first().click();
  await field("Text").and(page.locator(":focus")).waitFor();
  await page.keyboard.type("I have them.\n\nSee you at six – Älice");
  await composer().getByRole("button", { name: "Cc", exact: true }).click();
  await page.keyboard.type('"Reuter, Jonas" <jonas@river.example>,lock@river.example');
  await send();
  await page.getByText("On its way.").waitFor();
  await composer().waitFor({ state: "detached" });

  const sent = await inSink("Re: The keys");
  expect(sent.to).toMatchObject({ value: [{ name: "Ines Carvalho", address: "ines@river.example" }] });
  expect(sent.cc).toMatchObject({
    value: [{ name: "Reuter, Jonas", address: "jonas@river.example" }, { address: "lock@river.example" }],
  });
  expect(sent.inReplyTo).toMatch(/@river\.example>$/);
  expect(sent.text).toMatch(/^I have them\.\n\nSee you at six – Älice\n\nInes Carvalho, .*:\n> Who has them\?\n/);
});

it("says what is wrong with a message that cannot be sent, and keeps it", async () => {
  await write("nobody", "A letter", "A long one.");
  await send();
  await composer().getByRole("alert").getByText("nobody").waitFor();
  expect(await text()).toBe("A long one.");
  await composer().getByText("nobody is not an address").first().waitFor();
  excuse(/status of 4/);
});

it("takes back what was sent, as long as the seconds are counted, and opens it again", async () => {
  await undoFor(3);
  await page.reload();
  await write("ines@river.example", "Too early", "Not yet finis");
  await send();
  await page.getByText("On its way.").waitFor();
  await page.getByRole("button", { name: /^Undo/ }).click();
  await field("Text").waitFor();
  expect(await text()).toBe("Not yet finis");
  await field("Text").fill("Not yet finished? It is.");
  await send();
  expect((await inSink("Too early")).text).toContain("It is.");
  expect(await allInSink("Too early")).toHaveLength(1);
  await undoFor(0);
});

it("has every word again after a lost network, a closed tab and an ended session", async () => {
  await write("ines@river.example", "Slowly", "First.");
  await composer().getByText("Saved in Drafts").waitFor();
  await page.context().setOffline(true);
  await field("Text").fill("First. Second, without a network.");
  await composer().getByText("Kept in this browser").waitFor();
  await leaveOffline();
  excuse(/ERR_INTERNET_DISCONNECTED/);

  await current.context.setOffline(false);
  await openTab();
  await field("Text").waitFor();
  expect(await text()).toBe("First. Second, without a network.");
  await composer().getByText("Saved in Drafts").waitFor();

  await page.context().clearCookies();
  await field("Text").fill("First. Second. Third, without a login.");
  await page.getByLabel("Password").waitFor();
  excuse(/status of 401|status of 412|Connection closed/);
  await signIn(page, "alice@mesh.test");
  await field("Text").waitFor();
  expect(await text()).toBe("First. Second. Third, without a login.");
  await composer().getByText("Saved in Drafts").waitFor();

  // And it is one draft, opened by its address.
  await composer().getByRole("button", { name: "Close" }).click();
  await page.getByRole("link", { name: "Drafts" }).click();
  await row("Slowly").waitFor();
  expect(await row("Slowly").count()).toBe(1);
  await row("Slowly").click();
  const inline = page.getByRole("main").getByRole("region", { name: "Slowly" });
  await inline.getByLabel("Text").waitFor();
  await page.reload();
  expect(await inline.getByLabel("Text").textContent()).toBe("First. Second. Third, without a login.");
  await inline.getByRole("button", { name: "Discard" }).click();
  await row("Slowly").waitFor({ state: "detached" });
});

it("is written in one tab at a time, with the words of both, and stays one draft", async () => {
  await write("ines@river.example", "From two tabs", "First.");
  await composer().getByText("Saved in Drafts").waitFor();
  const first = page;
  await openTab("/in/drafts");
  await row("From two tabs").click();
  const inline = (on: Page) => on.getByRole("main").getByRole("region", { name: "From two tabs" });
  const take = (on: Page) => on.getByRole("main").getByRole("button", { name: "Write here" }).click();
  await page.getByRole("main").getByText("You are writing this in another tab.").waitFor();
  // What the first tab could not save is there all the same.
  await current.context.setOffline(true);
  await first.getByRole("dialog").getByLabel("Text").fill("First. Second, without a network.");
  await first.getByText("Kept in this browser").waitFor();
  await take(page);
  await inline(page).getByText("First. Second, without a network.").waitFor();
  await first.getByLabel("Text", { exact: true }).waitFor({ state: "detached" });
  await current.context.setOffline(false);
  await inline(page).getByText("Saved in Drafts").waitFor();

  // And back again.
  await first.getByRole("link", { name: "Drafts" }).click();
  await row("From two tabs", first).click();
  await inline(page).getByLabel("Text").fill("First. Second. Third.");
  await take(first);
  await inline(first).getByText("First. Second. Third.").waitFor();
  await page.getByRole("main").getByText("You are writing this in another tab.").waitFor();
  await inline(first).getByLabel("Text").fill("First. Second. Third. Fourth.");
  await inline(first).getByText("Saved in Drafts").waitFor();
  const drafts = await messagesIn("alice@mesh.test", "drafts");
  const same = drafts.filter(({ subject }) => subject === "From two tabs");
  expect(same.map(({ preview }) => preview)).toEqual(["First. Second. Third. Fourth."]);
  excuse(/ERR_INTERNET_DISCONNECTED|WebSocket/);
});

it("sends once, though the answer was lost", async () => {
  let cuts = 0;
  await page.route(/\/v1\/(messages|drafts\/[^/]+\/send)$/, async (route) => {
    const answer = await route.fetch();
    if (cuts++ === 0) await route.abort();
    else await route.fulfill({ response: answer });
  });
  await write("ines@river.example", "Only once", "Please.");
  await send();
  await composer().getByText("This is sent as soon as it can be").waitFor();
  await page.getByText("On its way.").waitFor();
  excuse(/ERR_FAILED/);
  await inSink("Only once");
  await page.getByRole("link", { name: "Sent" }).click();
  await row("Only once").waitFor();
  expect(await row("Only once").count()).toBe(1);
});

it("sends bold words, pictures and files, and takes back a file that is on its way", async () => {
  await write("ines@river.example", "All of it", "Look:");
  await field("Text").press("Control+End");
  await page.keyboard.press("Control+b");
  await page.keyboard.type(" here");
  await page.keyboard.press("Control+b");
  const choose = async (button: string, files: { name: string; mimeType: string; buffer: Buffer }[]) => {
    const [chooser] = await Promise.all([
      page.waitForEvent("filechooser"),
      composer().getByRole("button", { name: button }).click(),
    ]);
    await chooser.setFiles(files);
  };
  await choose("Insert pictures", [{ name: "dot.png", mimeType: "image/png", buffer: DOT }]);
  await field("Text").getByRole("img", { name: "dot.png" }).waitFor();
  await choose("Attach files", [{ name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("Seven knots.") }]);

  const files = composer().getByRole("list", { name: "Attached files" });
  await page.route("**/v1/uploads/*?offset=524288", () => {});
  await choose("Attach files", [{ name: "film.bin", mimeType: "", buffer: Buffer.alloc(1_500_000, 7) }]);
  await expect.poll(() => files.getByRole("progressbar").getAttribute("value"), { timeout: 15_000 }).toBe("524288");
  await files.getByRole("button", { name: "Cancel uploading film.bin" }).click();
  await files.getByText("film.bin").waitFor({ state: "detached" });

  const image = '<img src="https://evil.example/b.png">';
  await paste(
    `<p style="color: red">From <b>elsewhere</b>${image}<im<img>g data-src="https://evil.example/a.png">.</p>`,
  );
  await drop("dropped.txt", "Out of the air.");
  await files.getByText("dropped.txt").waitFor();
  await composer().getByText("Saved in Drafts").waitFor();
  await send();
  const { html, attachments } = await inSink("All of it");
  expect(html).toMatch(/Look:<strong> here<\/strong><img .*src="data:image\/png;base64,/);
  expect(html).toMatch(/From <strong>elsewhere<\/strong>/);
  expect(html).not.toMatch(/<img [^>]*evil|style=/);
  expect(attachments.map(({ filename, content }) => [filename, content.toString()])).toEqual([
    ["dot.png", DOT.toString()],
    ["notes.txt", "Seven knots."],
    ["dropped.txt", "Out of the air."],
  ]);
});

/** A picture of one point. */
const DOT = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

const paste = (html: string) =>
  page.evaluate(`{
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/html", ${JSON.stringify(html)});
    const text = document.querySelector("[role=dialog] [contenteditable=true]");
    text.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  }`);

async function drop(name: string, content: string): Promise<void> {
  const dataTransfer = await page.evaluateHandle(`(() => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([${JSON.stringify(content)}], ${JSON.stringify(name)}, { type: "text/plain" }));
    return transfer;
  })()`);
  for (const event of ["dragenter", "dragover", "drop"]) await field("Text").dispatchEvent(event, { dataTransfer });
}

it("passes a message on with all that is in it, and answers above what was said", async () => {
  const parts = [
    ...["--b", "Content-Type: text/html", "", "<html><head><style>td{color:red}</style></head><body>"],
    '<table><tr><td>The <b>boat</b> leaves.</td></tr></table><img src="cid:dot@river.example">',
    // Whoever takes tags away without reading them makes an attribute of the text.
    '<a title="<html y=">" title=" onclick="alert(1)</a></body></html>',
    ...["--b", "Content-Type: image/png", "Content-ID: <dot@river.example>", "Content-Disposition: inline"],
    ...["Content-Transfer-Encoding: base64", "", DOT.toString("base64"), "--b"],
    ...["Content-Type: application/pdf", 'Content-Disposition: attachment; filename="plan.pdf"', "", "%PDF-1.4 a plan"],
  ];
  await mail("The plan", [...parts, "--b--"].join("\r\n"), {
    to: "alice@mesh.test, bob@mesh.test",
    fields: ["Cc: Jonas <jonas@river.example>", "MIME-Version: 1.0", 'Content-Type: multipart/mixed; boundary="b"'],
  });
  await row("The plan").click();
  const main = page.getByRole("main");
  await main.getByRole("button", { name: "Forward" }).click();
  await field("To").fill("lock@river.example");
  await composer().getByText("plan.pdf").waitFor();
  await send();
  const forwarded = await inSink("Fwd: The plan");
  expect(forwarded.html).toContain("<td>The <b>boat</b> leaves.</td>");
  expect(forwarded.html).toMatch(/<style>td ?{ ?color: ?red;? ?}<\/style>.*" title=" onclick="alert\(1\)<\/a>/s);
  const content = (name: string) => forwarded.attachments.find(({ filename }) => filename === name)?.content.toString();
  expect(content("plan.pdf")).toContain("%PDF-1.4 a plan");

  await main.getByRole("button", { name: "Reply to all" }).click();
  await field("Text").and(page.locator(":focus")).waitFor();
  await composer().getByRole("button", { name: "Write in the conversation" }).click();
  const inline = main.getByRole("region", { name: "Re: The plan" });
  await inline.getByLabel("Text").fill("Without me.");
  await inline.getByRole("button", { name: "Send", exact: true }).click();
  const answered = await inSink("Re: The plan");
  expect(answered.cc).toMatchObject({ value: [{ address: "bob@mesh.test" }, { address: "jonas@river.example" }] });
  expect(answered.html).toMatch(/^<p>Without me\.<\/p>.*Ines Carvalho.*<blockquote type="cite">.*<b>boat<\/b> leaves/s);
  expect(answered.html).toMatch(/<img src="data:image\/png;base64,[^>]*>.*" title=" onclick="alert\(1\)<\/a>/s);
  expect(answered.html).not.toContain("<style>");
  expect(answered.attachments.filter(({ contentDisposition }) => contentDisposition === "attachment")).toEqual([]);
});

it("says by name what is no address, before anything else", async () => {
  await write("nonsense, nobody@, jonas@lake.example", "Not to everybody", "I have attached the plan.");
  await send();
  const alert = composer().getByRole("alert");
  await alert.getByText("nonsense, nobody@ are not addresses.").waitFor();
  // The server would take it in no case.
  expect(await alert.getByRole("button", { name: "Send anyway" }).count()).toBe(0);
  await composer().getByRole("button", { name: "Remove nobody@" }).click();
  await send();
  await alert.getByText("nonsense is not an address.").waitFor();
  await composer().getByRole("button", { name: "Remove nonsense" }).click();
  await send();
  await alert.getByText("nothing is attached").waitFor();
});

it("completes who is known, says what one may have forgotten, and lets go later", async () => {
  await mail("Hello", "Hello.");
  await row("Hello").waitFor();
  await page.getByRole("button", { name: "Write" }).click();
  await field("To").and(page.locator(":focus")).waitFor();
  await page.keyboard.type("ine");
  await page.getByRole("option", { name: "Ines Carvalho" }).waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.keyboard.type("jonas@outlok.com,");
  await field("Subject").fill("Later");
  await field("Text").fill("The plan is attached.");
  const alert = composer().getByRole("alert");
  await send();
  await alert.getByText("nothing is attached").waitFor();
  await field("Text").fill("No plan.");
  await send();
  await alert.getByText("jonas@outlok.com looks like an address at outlook.com").waitFor();
  await composer().getByRole("button", { name: "Remove jonas@outlok.com" }).click();

  await composer().getByRole("button", { name: "Send later" }).click();
  await page.getByRole("menuitem", { name: "Tomorrow morning" }).click();
  await page.getByText(/It leaves on .*08:00/).waitFor();
  await page.getByRole("link", { name: "Sent" }).click();
  await row("Later").click();
  await page.getByRole("main").getByRole("button", { name: "Take it back" }).click();
  await field("Text").waitFor();
  expect(await text()).toContain("No plan.");
  await composer().getByText("Ines Carvalho").waitFor();

  await page.route("**/send", (route) => {
    if (route.request().postDataJSON().ignore_suppressed) return route.continue();
    const problem = { reason: "suppressed_recipients", detail: "ines@river.example does not take mail." };
    return route.fulfill({ status: 409, contentType: "application/problem+json", json: problem });
  });
  await send();
  await alert.getByText("ines@river.example does not take mail.").waitFor();
  await alert.getByRole("button", { name: "Send anyway" }).click();
  expect((await inSink("Later")).text).toContain("No plan.");
  excuse(/status of 409|status of 404/);
});
