import { expect, it } from "vitest";
import type { Authentication } from "../../contract/authentication.ts";
import { authenticationTests, correspondentTest, reputationTest } from "./sender-tests.ts";

type Result = Authentication["spf"]["result"];

function found(sender: Authentication["sender"], spf: Result, dkim: Result = "none"): Authentication {
  return {
    ...{ by: "mesh.test", sender, spf: { result: spf, domain: "far.example" } },
    dkim: [{ result: dkim, domain: "far.example", selector: "s" }],
    dmarc: { result: "none", domain: "far.example", policy: null },
    ...{ arc: null, override: null },
  };
}

const FAILED = { result: "fail", domain: "far.example", policy: "none" } as const;

it.each([
  ["nobody looked", null, true],
  ["it is verified", found("verified", "pass"), true],
  ["nobody can tell", found("unverified", "none"), true],
  ["the network did not answer", found("unverified", "temperror", "temperror"), true],
  ["it was forwarded, and its signature holds", found("unverified", "fail", "pass"), true],
  ["its server is another's, and nothing else vouches for it", found("unverified", "fail"), false],
  ["its domain says that it is not from there", found("forged", "pass"), false],
  ["its domain's policy fails and asks for nothing", { ...found("unverified", "pass"), dmarc: FAILED }, false],
  [
    "a trusted forwarder vouches for it",
    { ...found("unverified", "pass"), dmarc: FAILED, override: "trusted_forwarder" as const },
    true,
  ],
] as const)("mail of somebody the owner has written to, where %s, is let in: %#", (_what, authentication, isLetIn) => {
  expect(correspondentTest("zoe@far.example", authentication) !== null).toBe(isLetIn);
});

it("authentication speaks for or against a message, and not at all where nobody could look", () => {
  const weights = (authentication: Authentication | null) =>
    authenticationTests(authentication).map(({ weight }) => weight);
  expect(weights(null)).toEqual([]);
  expect(weights(found("unverified", "temperror"))).toEqual([]);
  expect(weights(found("verified", "pass"))).toEqual([-0.5]);
  expect(weights(found("forged", "fail"))).toEqual([100]);
  expect(weights(found("unverified", "softfail"))).toEqual([1]);
});

it("a domain is judged by what the owner said of it, within bounds", () => {
  expect(reputationTest("far.example", { ham: 0, spam: 0 })).toBeNull();
  expect(reputationTest("far.example", { ham: 0, spam: 1000 })?.weight).toBe(2.5);
  expect(reputationTest("far.example", { ham: 1000, spam: 0 })?.weight).toBe(-2.5);
  expect(reputationTest("far.example", { ham: 2, spam: 2 })?.weight).toBe(0);
});
