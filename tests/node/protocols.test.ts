import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { ROOT, sourceFiles } from "./source-files.ts";

const FOLDERS = ["contract", "mail", "schema", "durable-objects", "workers", "gateway", "tests", "bench", "scripts"];

it("every RFC that the source cites is in docs/protocols.md", () => {
  const listed = new Set(readFileSync(join(ROOT, "docs/protocols.md"), "utf8").match(/RFC \d+/g));
  const cited = sourceFiles(FOLDERS).flatMap(({ path, text }) =>
    Array.from(text.matchAll(/RFC \d+/g), ([rfc]) => ({ path, rfc })),
  );
  expect(cited.filter(({ rfc }) => !listed.has(rfc)).map(({ path, rfc }) => `${rfc} in ${path}`)).toEqual([]);
});
