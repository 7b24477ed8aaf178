/**
 * The main ways through the client with nothing but keys: no pointer, and no script that moves the focus. After each key
 * whatever has the keyboard is seen, marked as having it, and covered by nothing (WCAG 2.4.7, 2.4.11).
 */
import { beforeAll, expect, it } from "vitest";
import { FilterList } from "../../../contract/filters.ts";
import { PASSWORD } from "../../support/service.ts";
import { callAs, mail, messagesIn, opened, page, row, setStage } from "./stage.ts";

const ALICE = "alice@mesh.test";

setStage();
beforeAll(() => callAs(ALICE, "PATCH", "/settings", { undo_seconds: 5 }));

interface Where {
  /** What it is called, as far as a line tells. */
  name: string;
  tag: string;
  /** What is wrong with how it is shown; empty where nothing is. */
  wrong: string;
  isInDialog: boolean;
}

/** What has the keyboard, and whether somebody who looks for it finds it. */
const WHERE = `(() => {
  const it = document.activeElement;
  if (it === null || it === document.body) return { name: "", tag: "BODY", wrong: "", isInDialog: false };
  const label = it.labels?.[0]?.textContent ?? "";
  const by = (it.getAttribute("aria-labelledby") ?? "").split(" ").map((id) => document.getElementById(id)?.textContent ?? "").join(" ");
  const name = (it.getAttribute("aria-label") || by.trim() || label || it.textContent || "").trim();
  const rect = it.getBoundingClientRect();
  const [left, top] = [Math.max(0, rect.left), Math.max(0, rect.top)];
  const [right, bottom] = [Math.min(innerWidth, rect.right), Math.min(innerHeight, rect.bottom)];
  const accent = (() => {
    const probe = document.createElement("i");
    probe.style.color = "var(--accent)";
    document.body.append(probe);
    const { color } = getComputedStyle(probe);
    probe.remove();
    return color;
  })();
  let isMarked = false;
  for (let at = it, n = 0; at !== null && n < 4; at = at.parentElement, n++) {
    const style = getComputedStyle(at);
    isMarked ||= (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1) || style.boxShadow.includes(accent);
  }
  const wrong = [];
  if (!isMarked) wrong.push("no outline");
  if (right - left < 1 || bottom - top < 1) wrong.push("out of view");
  else {
    const points = [[(left + right) / 2, (top + bottom) / 2], [left + 2, top + 2], [right - 2, bottom - 2]];
    const isSeen = points.some(([x, y]) => {
      const front = document.elementFromPoint(x, y);
      return front !== null && (it.contains(front) || front.contains(it) || [...(it.labels ?? [])].some((one) => one.contains(front)));
    });
    if (!isSeen) wrong.push("covered");
  }
  return { name, tag: it.tagName, wrong: wrong.join(", "), isInDialog: it.closest("[role=dialog], [role=menu], [role=listbox]") !== null };
})()`;
const where = () => page.evaluate<Where>(WHERE);

/** Presses a key; what then has the keyboard must be seen. What moves needs a moment. */
async function press(...keys: string[]): Promise<Where> {
  for (const key of keys) await page.keyboard.press(key);
  let at = await where();
  for (let n = 0; at.wrong !== "" && n < 20; n++) {
    await page.waitForTimeout(50);
    at = await where();
  }
  expect(at.wrong, `${keys.at(-1)} at ${at.tag} ${at.name}`).toBe("");
  return at;
}

/** Tab until something of this name has the keyboard: nothing on the way keeps it. */
async function tabTo(name: string | RegExp, { most = 40, back = false } = {}): Promise<Where> {
  const passed: string[] = [];
  for (let n = 0; n < most; n++) {
    const at = await press(back ? "Shift+Tab" : "Tab");
    if (typeof name === "string" ? at.name === name : name.test(at.name)) return at;
    passed.push(at.name.slice(0, 30));
  }
  throw new Error(`${name} was not reached by Tab, only ${passed.join(" | ")}`);
}

/** Until what was done is seen to have been done. */
const at = (name: string | RegExp) => expect.poll(async () => (await where()).name, { timeout: 10_000 }).toMatch(name);
const subjectsIn = async (role: "sent") => (await messagesIn(ALICE, role)).map(({ subject }) => subject);

async function signInByKeys(): Promise<void> {
  await at("Address");
  await page.keyboard.type(ALICE);
  await press("Tab");
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Inbox" }).waitFor();
}

it("signs in, goes past the head of the page to the list, reads a conversation and comes back", async () => {
  await mail("The plan", "When do we leave?", { fields: ["Message-ID: <plan@river.example>"] });
  await mail("Re: The plan", "At nine.", { fields: ["In-Reply-To: <plan@river.example>"] });
  await mail("Something else");
  await signInByKeys();
  await row("The plan").waitFor();
  expect((await press("Tab")).name).toBe("Skip to the messages");
  await page.keyboard.press("Enter");
  await at(/Something else/);
  await press("j");
  await at(/The plan/);
  await page.keyboard.press("Enter");
  // The first that was not read has the keyboard, and what can be done with it comes next.
  await at("Message from Ines Carvalho");
  await opened().getByText("At nine.").waitFor();
  await tabTo("Reply");
  await tabTo("Forward");
  await tabTo(/Message details|To me/, { back: true });
  await press("Enter");
  await press("u");
  await at(/The plan/);
  expect((await where()).tag).toBe("A");
});

it("answers with a file, completes a recipient, sends, and takes it back", async () => {
  await mail("The keys", "Who has them?");
  await signInByKeys();
  await row("The keys").waitFor();
  await press("j");
  await press("r");
  const composer = page.getByRole("dialog");
  await composer.getByLabel("Text").and(page.locator(":focus")).waitFor();
  await page.keyboard.type("I have them, see the list.");
  const [chooser] = await Promise.all([
    page.waitForEvent("filechooser"),
    tabTo("Attach files").then(() => page.keyboard.press("Enter")),
  ]);
  await chooser.setFiles([{ name: "list.txt", mimeType: "text/plain", buffer: Buffer.from("Seven keys.") }]);
  await composer.getByText("list.txt").waitFor();
  await tabTo("Cc", { back: true });
  await page.keyboard.press("Enter");
  await at("Cc");
  await page.keyboard.type("ine");
  await page.getByRole("option", { name: /Ines Carvalho/ }).waitFor();
  await press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.keyboard.type("jonas@river.example,");
  await page.keyboard.press("Control+Enter");
  await page.getByText("On its way.").waitFor();
  // Where it was before.
  await at(/The keys/);
  await press("z");
  await composer.getByLabel("Text").waitFor();
  await composer.getByText("jonas@river.example").waitFor();
  await page.keyboard.press("Escape");
  await composer.waitFor({ state: "detached" });

  await press("c");
  await at("To");
  await page.keyboard.type("bob@mesh.test");
  await tabTo("Subject");
  await page.keyboard.type("By keys alone");
  await press("Tab");
  await page.keyboard.type("Hello");
  await tabTo("Send");
  await page.keyboard.press("Enter");
  await page.getByText("On its way.").waitFor();
  await expect.poll(() => subjectsIn("sent"), { timeout: 15_000 }).toContain("By keys alone");
});

it("labels, moves, snoozes, and does what the palette offers", async () => {
  for (const subject of ["To be labelled", "To be moved", "To be snoozed"]) await mail(subject);
  await callAs(ALICE, "POST", "/folders", { name: "Boats" });
  await signInByKeys();
  await row("To be snoozed").waitFor();
  await press("j");
  await at(/To be snoozed/);
  await press("b");
  await page.getByRole("dialog", { name: "Snooze" }).waitFor();
  await press("ArrowDown");
  await page.keyboard.press("Enter");
  await row("To be snoozed").waitFor({ state: "detached" });
  await at(/To be moved/);
  await press("v");
  expect((await press("Tab")).isInDialog).toBe(true);
  await page.keyboard.press("Escape");
  await at(/To be moved/);
  await press("v");
  await page.keyboard.type("Boats");
  await page.getByRole("option", { name: "Boats" }).waitFor();
  await page.keyboard.press("Enter");
  await row("To be moved").waitFor({ state: "detached" });
  await at(/To be labelled/);
  await press("l");
  await page.keyboard.type("Boats");
  await page.getByRole("option", { name: "Boats" }).waitFor();
  await page.keyboard.press("Enter");
  await page.getByText("Label added.").waitFor();
  await page.keyboard.press("Control+k");
  await page.getByRole("dialog", { name: "What would you like to do?" }).waitFor();
  await page.keyboard.type("archive");
  await page.getByRole("option", { name: /^Go to the archive/ }).waitFor();
  await page.keyboard.press("Escape");
  await at(/To be labelled/);
  await press("Shift+?");
  await page.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor();
  expect((await press("Tab")).isInDialog).toBe(true);
  await page.keyboard.press("Escape");
  await at(/To be labelled/);
});

it("takes what is typed before a dialog or a letter is there as meant for it", async () => {
  await mail("To stay where it is");
  await signInByKeys();
  await row("To stay where it is").waitFor();
  // As over a slow network.
  await page.route(/\/assets\/(?:sheet|begun)-/, async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 500));
    await route.continue();
  });
  await press("j");
  await page.keyboard.press("Control+k");
  await page.keyboard.type("archive");
  await page.getByRole("option", { name: /^Go to the archive/ }).waitFor();
  expect(await page.getByRole("combobox").inputValue()).toBe("archive");
  await page.keyboard.type("d");
  expect(await page.getByRole("combobox").inputValue()).toBe("archived");
  await page.keyboard.press("Escape");
  await at(/To stay where it is/);
  await page.keyboard.press("c");
  await page.keyboard.type("e#b");
  await page.getByLabel("Subject").waitFor();
  expect(await row("To stay where it is").count()).toBe(1);
  expect(await page.getByRole("dialog").count()).toBe(1);
});

it("says to how many something was done", async () => {
  for (const subject of ["Counted, one", "Counted, two"]) await mail(subject);
  await signInByKeys();
  await row("Counted, two").waitFor();
  await press("j", "x", "j", "x", "l");
  await page.getByRole("dialog", { name: "Label" }).waitFor();
  await page.keyboard.type("Boats");
  await page.getByRole("option", { name: "Boats" }).waitFor();
  await page.keyboard.press("Enter");
  await page.getByText("Label added to 2 conversations.").waitFor();
  await press("m");
  await page.getByText("Muted: you hear no more of 2 conversations.").waitFor();
  await row("Counted, two").waitFor({ state: "detached" });
  await press("z");
  for (const subject of ["Counted, one", "Counted, two"]) await row(subject).waitFor();
});

it("searches with a suggestion and with the form", async () => {
  await mail("A zeppelin over the lake");
  await signInByKeys();
  await row("A zeppelin").waitFor();
  await press("/");
  await page.keyboard.type("zeppe");
  await page.getByRole("option", { name: /A zeppelin over the lake/ }).waitFor();
  await press("ArrowDown");
  await page.keyboard.press("Enter");
  await opened().getByRole("heading", { name: "A zeppelin over the lake" }).waitFor();
  await press("/");
  await tabTo("Advanced search");
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").waitFor();
  // What was searched for stands there.
  await tabTo("Has the words");
  await page.keyboard.press("Control+a");
  await page.keyboard.press("Delete");
  await tabTo("Subject");
  await page.keyboard.type("zeppelin");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Search: subject:zeppelin" }).waitFor();
  await row("A zeppelin").waitFor();
});

it("makes a rule and changes the theme in the settings", async () => {
  await signInByKeys();
  await tabTo("Account");
  await page.keyboard.press("Enter");
  await page.getByRole("menu").waitFor();
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "General" }).waitFor();
  await tabTo("Theme", { most: 60 });
  // As fast as a key that is held: the second finds what the first has chosen.
  await Promise.all([page.keyboard.press("ArrowDown"), page.keyboard.press("ArrowDown")]);
  await expect.poll(() => page.evaluate("document.documentElement.dataset.theme")).toBe("dark");
  await tabTo("Rules", { back: true });
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "New rule" }).waitFor();
  await tabTo("New rule");
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "New rule" });
  await tabTo("Text");
  await page.keyboard.type("shop@river.example");
  await tabTo("Star");
  await page.keyboard.press("Space");
  // Round and round: the page behind it is not reached.
  for (let n = 0; n < 20; n++) expect((await press("Tab")).isInDialog).toBe(true);
  await tabTo("Save rule");
  await page.keyboard.press("Enter");
  await dialog.waitFor({ state: "detached" });
  await at("New rule");
  const { filters } = (await callAs(ALICE, "GET", "/filters")).json(FilterList);
  expect(filters).toMatchObject([{ conditions: { query: "from:shop@river.example" }, actions: { is_flagged: true } }]);
  await callAs(ALICE, "PATCH", "/settings", { theme: "system" });
});
