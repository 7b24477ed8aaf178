/** Letters with files that are large enough to be stored apart, and what is in R2 of them. */
import { runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, vi } from "vitest";
import { blobKey } from "../../contract/r2-keys.ts";
import { sha256Hex } from "../../mail/fingerprint.ts";
import { storedBytes } from "./faults.ts";
import { holdersOf } from "./mailbox-invariants.ts";
import { type Account, aLetter, lines } from "./mesh.ts";

/** No two files are alike. */
export function aFile(size = 100_000): Uint8Array<ArrayBuffer> {
  const file = new Uint8Array(size);
  for (let at = 0; at < size; at += 65_536) crypto.getRandomValues(file.subarray(at, at + 65_536));
  return file;
}

function inBase64(file: Uint8Array, width: number): string {
  const digits = Buffer.from(file).toString("base64");
  const rows: string[] = [];
  for (let at = 0; at < digits.length; at += width) rows.push(digits.slice(at, at + width));
  return rows.join("\r\n");
}

/** A letter with these files in base64, in lines of `width` characters. */
export function letterWith(files: Uint8Array[], { width = 76, ...fields }: { width?: number; subject?: string } = {}) {
  const parts = files.map((file, n) =>
    lines(
      "--cut",
      "Content-Type: application/octet-stream",
      `Content-Disposition: attachment; filename="file-${n}.bin"`,
      "Content-Transfer-Encoding: base64",
      "",
      inBase64(file, width),
    ),
  );
  const text = lines("--cut", "", "See attached.");
  const extra = lines("MIME-Version: 1.0", "Content-Type: multipart/mixed; boundary=cut");
  return new Uint8Array(Buffer.from(aLetter({ ...fields, extra, body: `${text}${parts.join("")}--cut--` }), "latin1"));
}

/** Equal, without the minutes that a matcher takes for megabytes. */
export function expectSame(given: Uint8Array, expected: Uint8Array): void {
  expect([given.byteLength, Buffer.compare(given, expected)]).toEqual([expected.byteLength, 0]);
}

/** The message as it is given back, without what this mesh put in front of it. */
export async function expectRaw(account: Account, id: string, raw: Uint8Array): Promise<void> {
  const answer = await account.call("GET", `/messages/${id}/raw`);
  const given = new Uint8Array(await answer.arrayBuffer());
  expect([answer.status, given.byteLength]).toEqual([200, (await account.open(id)).size]);
  expectSame(given.subarray(given.byteLength - raw.byteLength), raw);
}

export async function expectAttachment(account: Account, id: string, n: number, file: Uint8Array): Promise<void> {
  const answer = await account.call("GET", `/messages/${id}/attachments/${n}`);
  expect(answer.status).toBe(200);
  expectSame(new Uint8Array(await answer.arrayBuffer()), file);
}

/** Whether a file is stored, and how many messages refer to it. */
export async function storedFile(file: Uint8Array<ArrayBuffer>): Promise<{ size: number | null; holders: number }> {
  const hash = await sha256Hex(file);
  const object = await env.MAIL.head(blobKey(hash));
  return { size: object?.size ?? null, holders: (await holdersOf(hash)).length };
}

export const GONE = { size: null, holders: 0 };

/** All messages of a folder, for good. */
export async function destroyAll(account: Account, role: "inbox" | "drafts" = "inbox"): Promise<void> {
  for (const { id } of await account.messages(role)) {
    for (let n = 0; n < 2; n++) expect((await account.call("DELETE", `/messages/${id}`)).status).toBe(204);
  }
  await runDurableObjectAlarm(account.stub);
}

/** A day passes, or several: what may be on its way has come, and who looks for what was left behind does. */
export async function aDayPasses(
  account: Pick<Account, "stub">,
  files: Uint8Array<ArrayBuffer>[],
  days = 1,
): Promise<void> {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + (days * 24 + 1) * 3_600_000 });
  for (let n = 0; n < 2; n++) await runDurableObjectAlarm(account.stub);
  for (const file of files) await runDurableObjectAlarm(env.BLOB.getByName(await sha256Hex(file)));
  vi.useRealTimers();
}

/** Nothing is in R2 of this account, nor of these files. */
export async function expectNothingLeft(account: Account, files: Uint8Array<ArrayBuffer>[]): Promise<void> {
  expect(await storedBytes(account)).toEqual([]);
  for (const file of files) expect(await storedFile(file)).toEqual(GONE);
}
