/** The project's own source, for tests that read it. */
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";

export const ROOT = join(import.meta.dirname, "../..");

export interface SourceFile {
  /** From the root, with forward slashes. */
  path: string;
  text: string;
}

export function sourceFiles(folders: string[]): SourceFile[] {
  return folders.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { withFileTypes: true, recursive: true })
      .filter(
        (entry) => entry.isFile() && !entry.parentPath.includes("/web/dist") && /\.(tsx?|js|sql)$/.test(entry.name),
      )
      .map((entry) => {
        const file = join(entry.parentPath, entry.name);
        return { path: relative(ROOT, file), text: readFileSync(file, "utf8") };
      }),
  );
}
