/** axe on every screen, light and dark, in a real browser: nothing serious is wrong with any (WCAG 2.2 AA), or too small. */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import { beforeAll, beforeEach, expect, it } from "vitest";
import { SECRETS_FILE, Secrets, StateFolder } from "../../../gateway/state.ts";
import { excuse, leave, mail, opened, page, row, service, setStage, visitAs } from "./stage.ts";

let axe: string;
setStage({ signedInAs: "alice@mesh.test" });
beforeAll(async () => {
  axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
  await mail("A ferry", "It leaves at half past nine.\r\n\r\n> Does it?\r\n> Really?");
  const html =
    '<p>Look at <a href="https://river.example/">this</a>.</p><img src="https://river.example/a.png" alt="A boat">';
  await mail("A picture", html, { fields: ["MIME-Version: 1.0", "Content-Type: text/html; charset=utf-8"] });
});
beforeEach(() => row("A ferry").waitFor());

/** What is wrong and serious, in a line each. */
async function violations(on = page): Promise<string[]> {
  // What is still moving has colours between two.
  await on.waitForTimeout(300);
  // Over the debugger, which the page's content security policy does not concern.
  if (!(await on.evaluate("'axe' in window"))) await on.evaluate(axe);
  const found: string[] = [];
  for (const colorScheme of ["light", "dark"] as const) {
    await on.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    // The guards at the ends of a menu hand the focus on as soon as they have it.
    const results = await on.evaluate<AxeResults>(
      "axe.run({ exclude: ['[data-base-ui-focus-guard]'] }, { iframes: false, runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })",
    );
    const serious = results.violations.filter(({ impact }) => impact === "serious" || impact === "critical");
    for (const { id, nodes } of serious) {
      for (const { html, failureSummary } of nodes) found.push(`${colorScheme} ${id}: ${html}\n${failureSummary}`);
    }
  }
  return found;
}

async function open(subject: string): Promise<void> {
  await row(subject).click();
  await page.getByRole("main").getByRole("heading", { name: subject }).waitFor();
}
async function search(words: string): Promise<void> {
  await page.getByRole("combobox", { name: "Search" }).fill(words);
  await page.getByRole("combobox", { name: "Search" }).press("Enter");
  await page.getByRole("heading", { name: `Search: ${words}` }).waitFor();
}
const press = (name: string) => page.getByRole("button", { name }).first().click();
const key = (keys: string) => page.keyboard.press(keys);

/** One after the other on one page, each by its name. */
async function expectNothingWrong(
  screens: [name: string, show: () => Promise<unknown>][],
  leave?: () => Promise<unknown>,
) {
  const wrong: [string, string[]][] = [];
  for (const [name, show] of screens) {
    await show();
    const found = await violations();
    if (found.length > 0) wrong.push([name, found]);
    await leave?.();
  }
  expect(wrong).toEqual([]);
}

it("mail", () =>
  expectNothingWrong([
    ["the inbox", async () => {}],
    ["a conversation", () => open("A ferry")],
    ["a letter with images", () => open("A picture")],
    ["what is selected", () => page.getByLabel("Select all shown").check()],
    ["an empty folder", () => page.getByRole("link", { name: "Archive" }).click()],
    ["a search", () => search("ferry")],
    ["a search that finds nothing", () => search("zeppelin")],
    ["the composer", () => press("Write")],
  ]));

it("what opens in front of it", async () => {
  const front = page.getByRole("dialog").or(page.getByRole("menu"));
  const ways: [name: string, open: () => Promise<unknown>][] = [
    ["the form for searching", () => press("Advanced search")],
    ["the keyboard shortcuts", () => key("?")],
    ["the command palette", () => key("Control+k")],
    ["where to move to", () => row("A ferry").press("v")],
    ["until when to snooze", () => row("A ferry").press("b")],
    ["the menu of the account", () => press("Account")],
  ];
  await expectNothingWrong(
    ways.map(([name, open]) => [name, () => open().then(() => front.first().waitFor())]),
    async () => {
      await key("Escape");
      await expect.poll(() => front.count()).toBe(0);
    },
  );
});

it("settings", async () => {
  await page.goto("/settings");
  const sections = page.getByRole("navigation", { name: "Settings" }).getByRole("link");
  await sections.first().waitFor();
  const names = await sections.allInnerTexts();
  expect(names.length).toBeGreaterThan(10);
  await expectNothingWrong(
    names.map((name) => [
      name,
      async () => {
        await sections.filter({ hasText: name }).click();
        await page.getByRole("heading", { level: 2, name }).waitFor();
      },
    ]),
  );
});

it("the form of a rule", async () => {
  await page.goto("/settings/rules");
  await press("New rule");
  await page.getByRole("dialog", { name: "New rule" }).getByLabel("Text").waitFor();
  expect(await violations()).toEqual([]);
});

it("the inbox and a conversation on a phone", async () => {
  await page.setViewportSize({ width: 375, height: 700 });
  expect(await violations()).toEqual([]);
  await open("A ferry");
  expect(await violations()).toEqual([]);
});

it("signing in", async () => {
  await page.context().clearCookies();
  await page.evaluate("localStorage.clear()");
  await page.goto("/");
  await page.getByLabel("Password").waitFor();
  expect(await violations()).toEqual([]);
});

it("the operator's screens", async () => {
  await page.goto("/admin");
  await page.getByLabel("Admin secret").waitFor();
  expect(await violations()).toEqual([]);
  const secrets = await new StateFolder(service.state).read(SECRETS_FILE, Secrets);
  await page.getByLabel("Admin secret").fill(secrets?.admin_secret ?? "");
  await press("Sign in");
  await page.getByRole("link", { name: "mesh.test" }).waitFor();
  for (const section of ["domains", "domains/mesh.test", "queue", "dead-letters"]) {
    await page.goto(`/admin/${section}`);
    await page.getByRole("heading", { level: 2 }).first().waitFor();
    expect([section, await violations()]).toEqual([section, []]);
  }
  // No test asks the DNS of the world.
  excuse(/status of 503/);
});

it("sees what is wrong", async () => {
  const other = await visitAs("bob@mesh.test");
  await other.page.evaluate("document.body.insertAdjacentHTML('beforeend', '<button></button>')");
  expect(await violations(other.page)).toEqual(expect.arrayContaining([expect.stringContaining("button-name")]));
  await leave(other);
});

/**
 * What can be pressed and is under 24 by 24 CSS pixels, and nearer than that to another (WCAG 2.5.8). Links within a
 * sentence are as high as its line.
 */
const SMALL = `(() => {
  const targets = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [role=button]")]
    .filter((it) => it.type !== "hidden" && !it.disabled && it.checkVisibility({ checkVisibilityCSS: true }) && !it.closest("p, [inert]"))
    .map((it) => {
      // A label is pressed for its box.
      const label = it.type === "checkbox" ? it.closest("label") : null;
      const rect = (label ?? it).getBoundingClientRect();
      return { it, rect, x: rect.x + rect.width / 2, y: rect.y + rect.height / 2 };
    })
    .filter(({ rect }) => rect.width > 1 && rect.height > 1);
  const isSmall = ({ rect }) => rect.width < 23.9 || rect.height < 23.9;
  return targets.filter(isSmall).filter((small) => targets.some((other) => {
    if (other === small || other.it.contains(small.it) || small.it.contains(other.it)) return false;
    if (isSmall(other)) return Math.hypot(other.x - small.x, other.y - small.y) < 24;
    const dx = Math.max(other.rect.left - small.x, 0, small.x - other.rect.right);
    const dy = Math.max(other.rect.top - small.y, 0, small.y - other.rect.bottom);
    return Math.hypot(dx, dy) < 12;
  })).map(({ it, rect }) => it.tagName + " " + (it.getAttribute("aria-label") || it.textContent || it.name) + " " + rect.width + "x" + rect.height);
})()`;

it("has nothing to press that is too small, at a desk and on a phone", async () => {
  for (const width of [1280, 375]) {
    await page.setViewportSize({ width, height: 720 });
    for (const address of ["/in/inbox", "/search#q=ferry", "/settings", "/settings/rules", "/settings/import"]) {
      await page.goto(address);
      await page.waitForTimeout(300);
      expect(await page.evaluate(SMALL), `${address} at ${width}`).toEqual([]);
    }
    await page.goto("/in/inbox");
    await row("A ferry").press("Enter");
    await opened().getByText("It leaves at half past nine.").waitFor();
    expect(await page.evaluate(SMALL), `a message at ${width}`).toEqual([]);
    await page.keyboard.press("r");
    await page.getByRole("dialog").getByLabel("Text").waitFor();
    expect(await page.evaluate(SMALL), `the composer at ${width}`).toEqual([]);
    await page.keyboard.press("Escape");
  }
});
