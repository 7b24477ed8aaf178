import { describe, expect, it } from "vitest";
import { countFields, fingerprintOf } from "./fingerprint.ts";

const bytesOf = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));
const hashOf = (text: string) => fingerprintOf(bytesOf(text)).hash;

const LETTER = "From: a@b.example\r\nSubject: x\r\n\r\nReceived: in the body\r\n";

describe("the fingerprint", () => {
  it.each([
    "Received: from x by y;\r\n\tdate\r\n",
    "RETURN-PATH: <a@b>\r\n",
    "Delivered-To \t: me\r\n",
    "Authentication-Results: x; none\r\n",
    "DKIM-Signature: v=1\r\n b=2\r\n",
    "ARC-Anything: 1\r\n",
    "Received: a\nReceived: b\n",
  ])("is the same with %j in front or in between", async (trace) => {
    expect(await hashOf(trace + LETTER)).toBe(await hashOf(LETTER));
    expect(await hashOf(LETTER.replace("Subject", `${trace}Subject`))).toBe(await hashOf(LETTER));
  });

  it.each(["Received-SPF: pass\r\n", "X-Received: 1\r\n", "Received\r\n", "Date: 1\r\n", " Received: folded\r\n"])(
    "is another with %j, which is no trace",
    async (field) => {
      expect(await hashOf(LETTER.replace("Subject", `${field}Subject`))).not.toBe(await hashOf(LETTER));
    },
  );

  it.each([
    ["Date: 1\r\n\r\n", true],
    ["message-ID : <a@b>\r\n\r\n", true],
    ["Dates: 1\r\n\r\n", false],
    ["\r\nDate: 1\r\n", false],
    ["", false],
  ])("of %j says whether it has an identity: %s", async (text, expected) => {
    expect(fingerprintOf(bytesOf(text)).has_identity).toBe(expected);
  });

  it("is made of a header of three million fields", async () => {
    const many = bytesOf("X-A: b\r\n".repeat(3_000_000));
    expect(fingerprintOf(many).hash).toHaveLength(32);
  });
});

it("fields are counted in the header alone, up to what is enough", () => {
  const text = "Received: a\r\nreceived: b\r\n\tc\r\nX-Received: d\r\n\r\nReceived: body\r\n";
  expect(countFields(bytesOf(text), "received", 50)).toBe(2);
  expect(countFields(bytesOf("Received: a\n".repeat(100)), "received", 50)).toBe(51);
});
