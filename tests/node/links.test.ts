import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { expect, it } from "vitest";
import { ROOT } from "./source-files.ts";

/** What people read: the pages of the root, and those of docs/. */
const PAGES = [ROOT, ...["docs", "docs/decisions"].map((folder) => join(ROOT, folder))].flatMap((folder) =>
  readdirSync(folder)
    .filter((name) => name.endsWith(".md"))
    .map((name) => join(folder, name)),
);

const links = (page: string): string[] =>
  Array.from(readFileSync(page, "utf8").matchAll(/\]\(([^)#\s]+)/g), ([, link = ""]) => link);

it("every link of the docs to a file leads to one", () => {
  const dead = PAGES.flatMap((page) =>
    links(page)
      .filter((link) => !/^[a-z]+:/.test(link) && !existsSync(join(dirname(page), link)))
      .map((link) => `${link} in ${relative(ROOT, page)}`),
  );
  expect(dead).toEqual([]);
});
