/**
 * `npm run migrations [name] [kind]`: writes what changed in schema/ as SQL migrations, one list for each kind of object.
 * With a kind (and `--custom`, for an empty one to be written by hand) only that one's.
 *
 * drizzle-kit makes the SQL; two things that it has no words for are added here, to new files only, because a released
 * migration is never edited: STRICT for every table (a wrong type is an error, not a surprise), and WITHOUT ROWID for
 * those whose comment in tables.ts (or one beside it) says so (one b-tree instead of two).
 */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { z } from "zod";

const [name = "change", ...rest] = process.argv.slice(2);
const KINDS = ["mailbox", "domain", "blob", "destination", "directory"];
const asked = KINDS.filter((kind) => rest.includes(kind));
const options = rest.filter((argument) => !KINDS.includes(argument));

/** Table names whose doc comment ends in `WITHOUT ROWID.` */
function tablesWithoutRowid(source: string): Set<string> {
  const found = source.matchAll(/WITHOUT ROWID\. \*\/\nexport const \w+ = sqliteTable\(\s*"(\w+)"/g);
  const multiline = source.matchAll(/WITHOUT ROWID\.\n \*\/\nexport const \w+ = sqliteTable\(\s*"(\w+)"/g);
  return new Set([...found, ...multiline].map((match) => match[1] ?? ""));
}

function addTableOptions(statements: string, withoutRowid: Set<string>): string {
  return statements.replaceAll(/CREATE TABLE `(\w+)` \(([\s\S]*?)\n\);/g, (_, table: string, columns: string) => {
    const options = withoutRowid.has(table) ? "STRICT, WITHOUT ROWID" : "STRICT";
    return `CREATE TABLE \`${table}\` (${columns}\n) ${options};`;
  });
}

/** The list as a module: Drizzle's own is JavaScript without types. */
function writeIndex(folder: string): void {
  const journal = z
    .object({ entries: z.array(z.object({ idx: z.number(), tag: z.string() })) })
    .parse(JSON.parse(readFileSync(`${folder}/meta/_journal.json`, "utf8")));
  const key = (idx: number) => `m${String(idx).padStart(4, "0")}`;
  const imports = journal.entries.map((entry) => `import ${key(entry.idx)} from "./${entry.tag}.sql";`);
  writeFileSync(
    `${folder}/index.ts`,
    `// Written by \`npm run migrations\`.\n${imports.join("\n")}\nimport journal from "./meta/_journal.json";\n\n` +
      `export const migrations = { journal, migrations: { ${journal.entries.map((e) => key(e.idx)).join(", ")} } };\n`,
  );
  rmSync(`${folder}/migrations.js`, { force: true });
}

for (const kind of asked.length > 0 ? asked : KINDS) {
  const folder = `schema/${kind}/migrations`;
  const before = new Set(existsSync(folder) ? readdirSync(folder) : []);
  const run = spawnSync(
    "drizzle-kit",
    ["generate", "--config", `schema/${kind}/drizzle.config.ts`, "--name", name, ...options],
    { stdio: "inherit" },
  );
  if (run.status !== 0) process.exit(run.status ?? 1);
  const sources = readdirSync(`schema/${kind}`).filter((file) => file.endsWith("tables.ts"));
  const text = sources.map((file) => readFileSync(`schema/${kind}/${file}`, "utf8")).join("\n");
  const withoutRowid = tablesWithoutRowid(text);
  for (const file of readdirSync(folder).filter((entry) => entry.endsWith(".sql") && !before.has(entry))) {
    writeFileSync(`${folder}/${file}`, addTableOptions(readFileSync(`${folder}/${file}`, "utf8"), withoutRowid));
  }
  writeIndex(folder);
}
