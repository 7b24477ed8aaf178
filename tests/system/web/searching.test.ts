/** Finding, in a real browser: what the box offers, the language, chips, saved searches and the form. */
import type { Request } from "playwright-core";
import { beforeAll, expect, it } from "vitest";
import { mail, page, row, rows, setStage } from "./stage.ts";

setStage({ signedInAs: "alice@mesh.test" });
beforeAll(async () => {
  await mail("Harvest supper", "Bring plates and a lantern.");
  await mail("Harvest accounts", "The lantern was 12 euros.");
  await mail("A lighthouse", "It is painted red.", { from: "Jonas Reuter <jonas@lake.example>" });
});

const box = () => page.getByRole("combobox", { name: "Search" });

async function search(query: string): Promise<void> {
  await box().fill(query);
  await box().press("Enter");
  await page.getByRole("heading", { name: `Search: ${query}` }).waitFor();
}

it("finds by the whole language, marks what it found, and says what it took as words", async () => {
  await search("lantern subject:supper");
  await row("Harvest supper").waitFor();
  expect(await rows().count()).toBe(1);
  expect(await row("Harvest supper").locator("mark").allTextContents()).toEqual(["supper", "lantern"]);
  await page.getByRole("status").filter({ hasText: "1 message" }).waitFor();

  await search("lantern before:supper");
  // Seen, and not only said.
  const list = page.getByRole("region", { name: "Search: lantern before:supper" });
  await list.getByText("Searched as plain words: before:supper").waitFor();
});

it("keeps what is searched for in the address, and out of every address that is asked for", async () => {
  const asked: string[] = [];
  page.on("request", (request) => {
    const { pathname, search } = new URL(request.url());
    asked.push(decodeURIComponent(pathname + search));
  });
  await box().pressSequentially("lanter");
  await page.getByRole("option").filter({ hasText: "Harvest supper" }).waitFor();
  await search("lantern");
  await page.reload();
  await page.getByRole("heading", { name: "Search: lantern" }).waitFor();
  await row("Harvest supper").click();
  await page.getByRole("main").getByText("Bring plates").waitFor();
  await page.goBack();
  await page.goBack();
  await page.getByRole("heading", { name: "Inbox" }).waitFor();
  await page.goForward();
  await page.getByRole("heading", { name: "Search: lantern" }).waitFor();
  expect(asked).toEqual(expect.arrayContaining(["/search", "/v1/search", "/v1/suggestions"]));
  expect(asked.filter((address) => address.includes("lanter"))).toEqual([]);
});

it("offers messages, people and operators while one types, and takes them by keyboard", async () => {
  // What is found for the last letter comes when something is chosen already of what was found before.
  let answer = () => {};
  const chosen = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const isOfAll = (request: Request) => request.postDataJSON()?.q === "lanter";
  await page.route(/\/v1\/(?:search|suggestions)$/, async (route) => {
    if (isOfAll(route.request())) await chosen;
    await route.continue();
  });
  await box().pressSequentially("lante");
  const offered = page.getByRole("option");
  await offered.filter({ hasText: "Harvest supper" }).waitFor();
  await offered.filter({ hasText: "Harvest accounts" }).waitFor();
  await box().press("r");
  await box().press("ArrowDown");
  await offered.and(page.locator("[data-highlighted]")).waitFor();
  const answers = ["search", "suggestions"].map((name) =>
    page.waitForResponse((answer) => answer.url().endsWith(name) && isOfAll(answer.request())),
  );
  answer();
  await Promise.all(answers);
  await box().press("Enter");
  await page.getByRole("main").getByText("The lantern was 12 euros.").waitFor();
  // That press was the list's alone, and searched for nothing on the way.
  await page.goBack();
  await page.getByRole("heading", { name: "Inbox" }).waitFor();

  await box().fill("jon");
  await offered.filter({ hasText: "from:jonas@lake.example" }).click();
  expect(await box().inputValue()).toBe("from:jonas@lake.example ");
  await box().press("Enter");
  await page.getByRole("heading", { name: "Search: from:jonas@lake.example" }).waitFor();
  await row("A lighthouse").waitFor();
  expect(await rows().count()).toBe(1);

  await box().fill("has:a");
  await offered.filter({ hasText: "has:attachment" }).waitFor();
});

it("narrows down by chips, and keeps a search by name", async () => {
  await search("harvest");
  await expect.poll(() => rows().count()).toBe(2);
  const unread = page.getByRole("button", { name: "Unread", exact: true });
  await unread.click();
  await page.getByRole("heading", { name: "Search: harvest is:unread" }).waitFor();
  expect(await unread.getAttribute("aria-pressed")).toBe("true");
  await unread.click();
  await page.getByRole("heading", { name: "Search: harvest", exact: true }).waitFor();

  await page.getByRole("button", { name: "Save this search" }).click();
  await page.getByLabel("Name").fill("The harvest");
  await page.getByRole("dialog").getByRole("button", { name: "Save this search" }).click();
  await page.getByRole("link", { name: "Inbox" }).click();
  await page.getByRole("link", { name: "The harvest" }).click();
  await page.getByRole("heading", { name: "Search: harvest", exact: true }).waitFor();
  await page.getByRole("button", { name: 'Forget "The harvest"' }).click();
  await page.getByRole("link", { name: "The harvest" }).waitFor({ state: "detached" });
});

it("shows all that narrows down in the width that there is", async () => {
  await page.setViewportSize({ width: 1280, height: 720 });
  await search("harvest");
  const list = await page.getByRole("region", { name: "Search: harvest" }).boundingBox();
  const chips = page.getByRole("group", { name: "Narrow down" }).getByRole("button");
  await chips.first().waitFor();
  for (const chip of await chips.all()) {
    const box = await chip.boundingBox();
    expect((box?.x ?? Infinity) + (box?.width ?? 0)).toBeLessThanOrEqual((list?.x ?? 0) + (list?.width ?? 0));
  }
});

it("leaves the keyboard in what was found, or in the box where nothing is", async () => {
  await search("zeppelin");
  await page.getByText("Words are found whole").waitFor();
  await box().and(page.locator(":focus")).waitFor();
  await search("harvest");
  const found = rows().getByRole("link");
  await found.first().and(page.locator(":focus")).waitFor();
  await page.keyboard.press("j");
  await found.nth(1).and(page.locator(":focus")).waitFor();
  // The same once more, when it is there already.
  await box().press("Enter");
  await found.first().and(page.locator(":focus")).waitFor();
});

it("writes the query of the advanced form", async () => {
  await page.getByRole("button", { name: "Advanced search" }).click();
  const form = page.getByRole("dialog");
  await form.getByLabel("Has the words").fill("lantern");
  await form.getByLabel("Without the words").fill("euros");
  await form.getByLabel("From", { exact: true }).fill("Ines Carvalho");
  await form.getByText('lantern -euros from:"Ines Carvalho"').waitFor();
  await form.getByRole("button", { name: "Search" }).click();
  await row("Harvest supper").waitFor();
  expect(await rows().count()).toBe(1);
});

it("opens the advanced form with what was searched for", async () => {
  await search('lantern -euros from:"Ines Carvalho" larger:1K has:attachment');
  await page.getByRole("button", { name: "Advanced search" }).click();
  const form = page.getByRole("dialog");
  expect(await form.getByLabel("Has the words").inputValue()).toBe("lantern larger:1K");
  expect(await form.getByLabel("Without the words").inputValue()).toBe("euros");
  expect(await form.getByLabel("From", { exact: true }).inputValue()).toBe("Ines Carvalho");
  await form.getByLabel("Has the words").fill("lantern");
  await form.getByLabel("Has attachment").uncheck();
  await form.getByRole("button", { name: "Search" }).click();
  await page.getByRole("heading", { name: 'Search: lantern -euros from:"Ines Carvalho"', exact: true }).waitFor();
});
