import { expect, it } from "vitest";
import { batchesOf, queryOf } from "./batches.ts";

const hop = { helo: "client.test", remote_address: "192.0.2.1", protocol: "ESMTP" };

it("one request carries a hundred ordinary recipients", () => {
  const rcpt_to = Array.from({ length: 100 }, (_, n) => `user-${n}@mesh.test`);
  expect(batchesOf({ mail_from: "a@b.test", rcpt_to }, hop)).toEqual([rcpt_to]);
});

it("long recipients are split in order, each query below 8 kB, none lost", () => {
  const rcpt_to = Array.from({ length: 100 }, (_, n) => `${"ж".repeat(100)}${n}@mesh.test`);
  const envelope = { mail_from: `${"ж".repeat(120)}@b.test`, rcpt_to };
  const batches = batchesOf(envelope, hop);
  expect(batches.flat()).toEqual(rcpt_to);
  expect(batches.length).toBeGreaterThan(5);
  for (const batch of batches) expect(queryOf(envelope.mail_from, batch, hop).length).toBeLessThan(7_600);
});

it("a null sender is an empty parameter, not an absent one", () => {
  expect(queryOf("", ["bob@mesh.test"])).toBe("from=&to=bob%40mesh.test");
});

it("signs that mean something in a query reach the mesh as they are", () => {
  const strange = '"a&b=c d"+tag%41@mesh.test';
  expect(new URLSearchParams(queryOf("", [strange])).getAll("to")).toEqual([strange]);
});
