/** Messages made to cost time. Each has a bound that a quadratic step would miss by far. */
import { expect, it } from "vitest";
import { joinWhole } from "./join-message.ts";
import { splitMessage } from "./split-message.ts";

const MB = 1024 * 1024;
const LIMITS = { min_content: 1024, max_parts: 20, max_skeleton: Infinity };
const fill = (unit: string, size: number) => unit.repeat(Math.ceil(size / unit.length));
const file = (body: string) => `Content-Type: image/png\nContent-Transfer-Encoding: base64\n\n${body}`;
const inParts = (body: string) =>
  `Content-Type: multipart/mixed; boundary=b\n\n${fill(`--b\n${file(body)}\n`, 20 * MB)}`;

it.each([
  ["a file of 25 MB", file(fill(`${"QUJD".repeat(19)}\r\n`, 25 * MB))],
  ["a file of 25 MB on one line", file(fill("QUJD", 25 * MB))],
  ["lines of one character", file(fill("Q\n", 10 * MB))],
  ["lines of one character with CRLF", file(fill("Q\r\n", 10 * MB))],
  ["white space before the file", file(`${fill(" \n", 20 * MB)}QUJD`)],
  ["white space after the file", file(`QUJD${fill(" \n", 20 * MB)}`)],
  ["padding", file(fill("QQ==", 20 * MB))],
  ["a file that is odd at its end", file(`${fill("QUJD\n", 25 * MB)}!`)],
  ["a thousand parts", inParts(fill("QUJD\n", 20_000))],
  ["a million parts", inParts("QUJD")],
  ["a file as it stands", `Content-Type: image/png\n\n${fill("\xff", 25 * MB)}`],
])("linear time is enough for %s", async (_what, source) => {
  const bytes = new Uint8Array(Buffer.from(source, "latin1"));
  const start = performance.now();
  const split = await splitMessage(bytes, LIMITS);
  const elapsed = performance.now() - start;
  // Ten times what was measured, for machines that are busy.
  expect(elapsed).toBeLessThan(1500 + (400 * bytes.length) / MB);
  if (split === null) return;
  const joined = await joinWhole(split, ({ sha256 }) => [split.contents.get(sha256) ?? bytes]);
  expect(Buffer.compare(joined, bytes)).toBe(0);
});
