import fc from "fast-check";
import { expect, it } from "vitest";
import { safeFileName } from "./file-name.ts";

it.each([
  ["report.pdf", "report.pdf"],
  ["../../etc/passwd", "passwd"],
  ["C:\\Users\\me\\a.txt", "a.txt"],
  ["/", "attachment-1.pdf"],
  ["..", "attachment-1.pdf"],
  ["a/..", "a"],
  ["  ", "attachment-1.pdf"],
  [null, "attachment-1.pdf"],
  ["", "attachment-1.pdf"],
  ["invoice\u202efdp.exe", "invoicefdp.exe"],
  ["a\u0000b\r\nc.txt", "abc.txt"],
  ["a   b.txt", "a b.txt"],
  ["Invoice (1).pdf", "Invoice (1).pdf"],
  [`${"é".repeat(200)}.pdf`, `${"é".repeat(125)}.pdf`],
  ["a".repeat(300), "a".repeat(255)],
])("%j becomes %j", (given, name) => {
  expect(safeFileName(given, 0, "application/pdf")).toBe(name);
});

it("a name made up has a number and an extension of its type", () => {
  expect(safeFileName(null, 4, "image/png")).toBe("attachment-5.png");
  expect(safeFileName(null, 4, "x/y")).toBe("attachment-5.bin");
});

it("any name becomes one visible path segment of 1 to 255 bytes", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 400 }), (given) => {
      const name = safeFileName(given, 0, "text/plain");
      const size = new TextEncoder().encode(name).length;
      expect(size).toBeGreaterThan(0);
      expect(size).toBeLessThanOrEqual(255);
      expect(name).not.toMatch(/[/\\\p{Cc}\p{Cf}]/u);
      expect(name.isWellFormed()).toBe(true);
      expect(safeFileName(name, 0, "text/plain")).toBe(name);
    }),
    { numRuns: 1000, seed: 5 },
  );
});
