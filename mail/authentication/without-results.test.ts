import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { withoutResultsOf } from "./without-results.ts";

const bytesOf = (text: string) => new Uint8Array(new TextEncoder().encode(text));
const cleaned = (text: string) => new TextDecoder().decode(withoutResultsOf(bytesOf(text), "mesh.test"));

const REST = "From: a@b.example\r\nSubject: x\r\n\r\nbody\r\n";

describe("a field that says it is from here goes", () => {
  it.each([
    "Authentication-Results: mesh.test; dmarc=pass\r\n",
    "authentication-RESULTS: MESH.Test;\r\n\tdmarc=pass\r\n\theader.from=a.example\r\n",
    "Authentication-Results : mesh.test; dmarc=pass\r\n",
    "Authentication-Results:mesh.test 1; none\r\n",
    "Authentication-Results: (a (nested) comment; \\)) mesh.test; dmarc=pass\r\n",
    'Authentication-Results: "mesh.test"; dmarc=pass\r\n',
    'Authentication-Results: "me\\sh.test"; dmarc=pass\r\n',
    "Authentication-Results: mesh.test.; dmarc=pass\r\n",
    "Authentication-Results:\r\n mesh.test; dmarc=pass\r\n",
    "Authentication-Results: mesh.test; dmarc=pass\n",
    "Authentication-Results: mesh.test\r\n",
    "Authentication-Results: mesh.test 7; what=ever\r\n",
    `Authentication-Results: (${"a".repeat(100_000)}) mesh.test; dmarc=pass\r\n`,
    "Authentication-Results: mesh.test; a=b\r\nAuthentication-Results: mesh.test; c=d\r\n",
  ])("%j", (field) => {
    expect(cleaned(`${field}${REST}`)).toBe(REST);
    expect(cleaned(`Received: x\r\n${field}${REST}`)).toBe(`Received: x\r\n${REST}`);
  });
});

describe("everything else stays, byte for byte", () => {
  it.each([
    `Authentication-Results: mx.mesh.test; dmarc=pass\r\n${REST}`,
    `Authentication-Results: other.example (mesh.test); dmarc=pass\r\n${REST}`,
    `ARC-Authentication-Results: i=1; mesh.test; dmarc=pass\r\n${REST}`,
    `X-Authentication-Results: mesh.test; dmarc=pass\r\n${REST}`,
    `${REST}Authentication-Results: mesh.test; dmarc=pass\r\n`,
    `Subject: x\r\n Authentication-Results: mesh.test; dmarc=pass\r\n\r\n`,
    "Authentication-Results:",
    "",
  ])("%j", (text) => {
    const bytes = bytesOf(text);
    expect(withoutResultsOf(bytes, "mesh.test")).toBe(bytes);
  });

  it("of any bytes, at the place where a field is taken out", () => {
    const before = fc
      .uint8Array({ maxLength: 200 })
      .filter((bytes) => !bytes.some((byte) => byte === 10 || byte === 13));
    fc.assert(
      fc.property(before, fc.uint8Array({ maxLength: 2000 }), (name, body) => {
        const head = new Uint8Array([...bytesOf("X: "), ...name, 13, 10]);
        const forged = bytesOf("Authentication-Results: mesh.test; a=b\r\n");
        const tail = new Uint8Array([...bytesOf("\r\n"), ...body]);
        const message = new Uint8Array([...head, ...forged, ...tail]);
        expect([...withoutResultsOf(message, "mesh.test")]).toEqual([...head, ...tail]);
      }),
    );
  });
});

it("a header of a million fields costs no more than looking at it", () => {
  const bytes = bytesOf(`${"a:\n".repeat(1_000_000)}${REST}`);
  expect(withoutResultsOf(bytes, "mesh.test")).toBe(bytes);
});
