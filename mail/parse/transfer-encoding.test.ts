import fc from "fast-check";
import { expect, it } from "vitest";
import { decodeBody, decodedSize, parseTransferEncoding, type TransferEncoding } from "./transfer-encoding.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

it.each<[string, TransferEncoding, string]>([
  ["aGVsbG8=", "base64", "hello"],
  ["aGVs\r\nbG8=\r\n", "base64", "hello"],
  ["aGVsbG8", "base64", "hello"],
  ["aA==aQ==", "base64", "hi"],
  ["a-G*Vs!bG8=", "base64", "hello"],
  ["a", "base64", ""],
  ["====", "base64", ""],
  ["h=C3=A9llo", "quoted-printable", "héllo"],
  ["h=c3=a9llo", "quoted-printable", "héllo"],
  ["one=\r\ntwo=\nthree", "quoted-printable", "onetwothree"],
  ["soft=  \r\nbreak", "quoted-printable", "softbreak"],
  ["trailing  \r\nblanks\t", "quoted-printable", "trailing\r\nblanks"],
  ["a b=20\r\n", "quoted-printable", "a b \r\n"],
  ["100%= =X =4", "quoted-printable", "100%= =X =4"],
  ["end=", "quoted-printable", "end"],
  ["as it is = \r\n", "identity", "as it is = \r\n"],
])("%j in %s is %j", (body, encoding, text) => {
  const bytes = encoder.encode(body);
  expect(decoder.decode(decodeBody(bytes, encoding))).toBe(text);
  expect(decodedSize(bytes, encoding)).toBe(encoder.encode(text).length);
});

it.each([
  ["base64", "base64"],
  [" BASE64 (comment)", "base64"],
  ["Quoted-Printable", "quoted-printable"],
  ["8bit", "identity"],
  ["x-uuencode", "identity"],
  ["", "identity"],
])("%j is %s", (value, encoding) => {
  expect(parseTransferEncoding(value)).toBe(encoding);
});

it("what was encoded in base64 comes back, on lines of any length", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.integer({ min: 1, max: 80 }), (content, width) => {
      const base64 = btoa(String.fromCharCode(...content));
      const lines = base64.replace(new RegExp(`.{${width}}`, "g"), "$&\r\n");
      expect(decodeBody(encoder.encode(lines), "base64")).toEqual(content);
    }),
    { numRuns: 300, seed: 6 },
  );
});

it("size and content agree on any input", () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 100 }),
      fc.constantFrom<TransferEncoding>("base64", "quoted-printable", "identity"),
      (content, encoding) => {
        expect(decodedSize(content, encoding)).toBe(decodeBody(content, encoding).length);
      },
    ),
    { numRuns: 1000, seed: 7 },
  );
});
