import { dirname, join, relative } from "node:path";
import { describe, expect, it } from "vitest";
import { ROOT, type SourceFile, sourceFiles } from "./source-files.ts";

/** Which rooms a room may import from, and from which it may import types alone. */
const RULES: Record<string, { values: string[]; types: string[] }> = {
  contract: { values: [], types: [] },
  mail: { values: [], types: ["contract"] },
  schema: { values: [], types: ["contract"] },
  "durable-objects": { values: ["schema", "mail", "contract"], types: [] },
  workers: { values: ["mail", "contract"], types: ["durable-objects"] },
  gateway: { values: ["contract", "mail"], types: [] },
  web: { values: ["contract", "mail"], types: [] },
};

interface Import {
  from: string;
  room: string;
  isType: boolean;
}

function importsOf({ path, text }: SourceFile): Import[] {
  const statements = text.matchAll(/^(?:import|export)\s+(type\s+)?[^;"']*?from\s+["'](\.[^"']+)["']/gm);
  return Array.from(statements, ([, type, target = ""]) => {
    const [room = ""] = relative(ROOT, join(ROOT, dirname(path), target)).split("/");
    return { from: path, room, isType: type !== undefined };
  });
}

describe("imports point one way", () => {
  it.each(Object.entries(RULES))("%s", (room, { values, types }) => {
    const wrong = sourceFiles([room])
      .filter(({ path }) => !/\.test(-support)?\.ts$/.test(path) && path !== "workers/index.ts")
      .flatMap(importsOf)
      .filter((found) => found.room !== room && !values.includes(found.room))
      .filter((found) => !(found.isType && types.includes(found.room)));
    expect(wrong.map(({ from, room: to }) => `${from} → ${to}`)).toEqual([]);
  });

  it("the Worker's entry imports objects only to export them", () => {
    const [entry] = sourceFiles(["workers"]).filter(({ path }) => path === "workers/index.ts");
    const objects = entry?.text.split("\n").filter((line) => line.includes("../durable-objects/")) ?? [];
    expect(objects.every((line) => line.startsWith("export {"))).toBe(true);
  });
});
