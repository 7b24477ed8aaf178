/** Files of mail as other programs write them, and their way into an account through the API. */
import { expect } from "vitest";
import { Import } from "../../contract/imports.ts";
import { importPrefix } from "../../contract/r2-keys.ts";
import { ok } from "./api-answers.ts";
import { keysUnder } from "./mailbox-invariants.ts";
import { type Account, eventually, fetchMesh } from "./mesh.ts";

const bytesOf = (file: string | Uint8Array): Uint8Array =>
  typeof file === "string" ? new TextEncoder().encode(file) : file;

export const FROM_LINE = "From zoe@far.example Tue Nov 24 08:00:00 2026\n";

/** A message for an mbox, with LF. */
export function anEntry(
  fields: { id?: string; subject?: string; extra?: string; body?: string; from?: string } = {},
): string {
  const {
    id = crypto.randomUUID(),
    subject = "Hello",
    extra = "",
    body = "Good morning.",
    from = "zoe@far.example",
  } = fields;
  return `${extra}From: ${from}\nTo: alice@mesh.test\nSubject: ${subject}\nMessage-ID: <${id}@far.example>\nDate: Mon, 23 Nov 2026 08:00:00 +0000\n\n${body}\n`;
}

export const anMbox = (...messages: string[]): string => messages.map((message) => `${FROM_LINE}${message}\n`).join("");

export const putPart = (account: Account, id: string, n: number, bytes: Uint8Array | string): Promise<Response> =>
  fetchMesh(`/v1/imports/${id}/parts/${n}`, {
    method: "PUT",
    headers: { authorization: `Bearer ${account.token}` },
    body: bytes,
  });

/** Uploads a file in parts of this size; the import then begins by itself. */
export async function upload(account: Account, file: string | Uint8Array, partSize = 1024 * 1024): Promise<Import> {
  const bytes = bytesOf(file);
  const made = await ok(account.call("POST", "/imports", { name: "file", size: bytes.byteLength }), Import, 201);
  let last = made;
  for (let n = 0; n * partSize < bytes.byteLength; n++) {
    const part = bytes.slice(n * partSize, (n + 1) * partSize);
    last = await ok(putPart(account, made.id, n, part), Import);
  }
  return last;
}

export const read = (account: Account, id: string): Promise<Import> =>
  ok(account.call("GET", `/imports/${id}`), Import);

/** Waits until nothing is left to do, the file's parts included. */
export async function over(account: Account, id: string, seconds = 25): Promise<Import> {
  const done = await eventually(async () => {
    const now = await read(account, id);
    return now.state !== "running" && now.state !== "uploading" ? now : null;
  }, seconds);
  await eventually(async () => (await keysUnder(importPrefix(account.user_id, id))).length === 0, seconds);
  return done;
}

export async function importFile(account: Account, file: string | Uint8Array, partSize?: number): Promise<Import> {
  const done = await over(account, (await upload(account, file, partSize)).id);
  expect(`${done.state} ${JSON.stringify(done.report)}`).toMatch(/^done /);
  return done;
}
