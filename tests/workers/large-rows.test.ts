/** A row of the platform holds 2 MB, which the local runtime does not say: no message makes a larger one. */
import { runInDurableObject } from "cloudflare:test";
import { expect, it } from "vitest";
import { aCheckedAccount } from "./mailbox-invariants.ts";
import { type Account, ingest, lines } from "./mesh.ts";

const MAX_ROW_BYTES = 2_000_000;

/** The largest row of each table, in bytes. */
function largestRows(account: Account): Promise<Record<string, number>> {
  return runInDurableObject(account.stub, (_, { storage: { sql } }) => {
    const tables = sql.exec<{ name: string }>(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB '_*'",
    );
    const sizes = tables.toArray().flatMap(({ name }) => {
      const columns = sql.exec<{ name: string }>(`SELECT name FROM pragma_table_info('${name}')`).toArray();
      // The index's own columns are not stored; its shadow tables are among these.
      if (name === "message_index" || columns.length === 0) return [];
      const size = columns.map((column) => `coalesce(length(CAST("${column.name}" AS BLOB)), 0)`).join(" + ");
      const { n } = sql.exec<{ n: number }>(`SELECT coalesce(max(${size}), 0) AS n FROM "${name}"`).one();
      return [[name, n] as const];
    });
    return Object.fromEntries(sizes);
  });
}

const people = (n: number): string =>
  Array.from({ length: n }, (_, i) => `"${'字\\"'.repeat(40)}${i}" <${"x".repeat(60)}${i}@far.example>`).join(",\r\n ");

const part = (n: number): string =>
  lines(
    "--x",
    `Content-Type: application/${"y".repeat(150)}; name="${"附".repeat(80)}${n}.pdf"`,
    `Content-ID: <${"z".repeat(900)}${n}>`,
    "Content-Disposition: attachment",
    "",
    "a",
  );

it("is made by the largest header and the most attachments", async () => {
  const alice = await aCheckedAccount();
  const fields = ["To", "Cc", "Bcc", "Reply-To"].map((name) => `${name}: ${people(1500)}`);
  const references = Array.from({ length: 120 }, (_, n) => `<${"r".repeat(950)}${n}@far.example>`).join("\r\n ");
  const parts = Array.from({ length: 1200 }, (_, n) => part(n)).join("");
  const header = lines(...fields, `References: ${references}`, "Content-Type: multipart/mixed; boundary=x", "");
  await ingest("zoe@far.example", alice.email, `${header}${parts}${lines("--x--")}`);
  expect(await alice.messages()).toHaveLength(1);
  for (const [table, bytes] of Object.entries(await largestRows(alice)))
    expect(bytes, table).toBeLessThan(MAX_ROW_BYTES);
});

it("is made by the longest text, or one that no compression makes smaller", async () => {
  const alice = await aCheckedAccount();
  const noise = Array.from({ length: 24 }, () => crypto.getRandomValues(new Uint8Array(60_000)));
  const text = noise.map((bytes) => btoa(String.fromCharCode(...bytes)).replaceAll(/.{70}/g, "$&\r\n")).join("\r\n");
  for (const body of [text, `${text}${text}${text}`, "字".repeat(2_000_000)]) {
    const header = lines("From: zoe@far.example", "Content-Type: text/plain; charset=utf-8", "");
    await ingest("zoe@far.example", alice.email, `${header}${body}`);
  }
  expect(await alice.messages()).toHaveLength(3);
  for (const [table, bytes] of Object.entries(await largestRows(alice)))
    expect(bytes, table).toBeLessThan(MAX_ROW_BYTES);
});
