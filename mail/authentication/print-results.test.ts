import { expect, it } from "vitest";
import type { Authentication } from "../../contract/authentication.ts";
import { judge } from "./judge.ts";
import { printResults, resultsHeader } from "./print-results.ts";
import { parseResults } from "./results-field.ts";

const AUTHENTICATION: Authentication = {
  by: "mesh.test",
  sender: "unverified",
  spf: { result: "softfail", domain: "far.example" },
  dkim: [{ result: "pass", domain: "far.example", selector: "s_1" }],
  dmarc: { result: "pass", domain: "far.example", policy: "reject" },
  arc: { result: "pass", domain: "google.com" },
  override: null,
};

it("a line of the field says one thing", () => {
  expect(resultsHeader("mesh.test", AUTHENTICATION)).toBe(
    "Authentication-Results: mesh.test;\r\n" +
      "\tdkim=pass header.d=far.example header.s=s_1;\r\n" +
      "\tdmarc=pass header.from=far.example policy.dmarc=reject;\r\n" +
      "\tspf=softfail smtp.mailfrom=far.example;\r\n" +
      "\tarc=pass\r\n",
  );
});

it("what was printed is judged as before", () => {
  const text = resultsHeader("mesh.test", AUTHENTICATION).slice("Authentication-Results:".length);
  const field = parseResults(text);
  const sets = [{ instance: 1, sealer: "google.com", results: null }];
  const judged =
    field && judge({ field, author: "far.example", arc_sets: sets, has_doubled_fields: false, trusted_sealers: [] });
  expect(judged).toEqual({ ...AUTHENTICATION, sender: "verified" });
});

it("nothing that a stranger chose breaks out of its place", () => {
  const hostile = [
    "a.example; dmarc=pass",
    'a"b',
    "a\r\nX: y",
    "(",
    "bücher.example",
    "a.example.",
    "x".repeat(300),
    "",
    "é\u0000",
  ];
  for (const value of hostile) {
    const text = printResults("mesh.test", [
      { method: "dkim", result: "fail", reason: value, properties: { "header.d": value } },
    ]);
    expect(text).toMatch(/^[ -~]+$/);
    expect(parseResults(text)?.results.length).toBe(1);
  }
  expect(
    printResults("mesh.test", [{ method: "spf", result: "pass", properties: { "smtp.mailfrom": "bücher.example" } }]),
  ).toBe("mesh.test; spf=pass smtp.mailfrom=xn--bcher-kva.example");
  expect(printResults("mesh.test", [])).toBe("mesh.test; none");
});
