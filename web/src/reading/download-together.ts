/** Attachments as one ZIP file, made in the browser as they come in. */
import { downloadZip } from "client-zip";
import type { Attachment, Message } from "../../../contract/messages.ts";
import { ask } from "../api/call.ts";
import { attachmentPath } from "./kinds.ts";

export async function downloadTogether({ id, subject }: Message, attachments: Attachment[]): Promise<void> {
  const zip = await downloadZip(files(id, attachments)).blob();
  const link = document.createElement("a");
  link.href = URL.createObjectURL(zip);
  link.download = `${
    subject
      .replaceAll(/[\p{Cc}/\\:*?"<>|]+/gu, " ")
      .trim()
      .slice(0, 100) || "attachments"
  }.zip`;
  link.click();
  // The download has begun with this task, and reads from memory.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

async function* files(id: string, attachments: Attachment[]) {
  const taken = new Set<string>();
  for (const { n, filename } of attachments) {
    const input = await ask("GET", attachmentPath(id, n));
    yield { name: freeName(filename || `${n + 1}`, taken), input };
  }
}

/** No two files of one name, and none that would be put elsewhere when it is unpacked. */
function freeName(filename: string, taken: Set<string>): string {
  const name = filename.replaceAll(/[\p{Cc}/\\]+/gu, "_");
  const [, base = name, extension = ""] = /^(.+?)(\.[^.]*)?$/u.exec(name) ?? [];
  for (let n = 1; ; n++) {
    const candidate = n === 1 ? name : `${base} (${n})${extension}`;
    if (taken.has(candidate.toLowerCase())) continue;
    taken.add(candidate.toLowerCase());
    return candidate;
  }
}
