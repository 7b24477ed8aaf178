import { expect, it } from "vitest";
import type { Authentication } from "../../contract/authentication.ts";
import { DomainPolicy } from "../../contract/domain-policy.ts";
import type { Examination } from "../../durable-objects/mailbox/letter.ts";
import { objectionTo } from "./domain-objections.ts";

const obeys = DomainPolicy.parse({});
const marks = DomainPolicy.parse({ dmarc_reject: "mark" });

function examined(sender: Authentication["sender"], policy: Authentication["dmarc"]["policy"]): Examination {
  const authentication: Authentication = {
    by: "mesh.test",
    sender,
    spf: { result: "fail", domain: "bank.example" },
    dkim: [],
    dmarc: { result: "fail", domain: "bank.example", policy },
    arc: null,
    override: null,
  };
  return {
    authentication,
    warnings: [],
    link_hosts: [],
    attachment_scan: null,
    spam_signs: null,
    list_unsubscribe: null,
    header: new Uint8Array(),
  };
}

it.each([
  ["forged, and its domain asks to refuse", "forged", "reject", [obeys], "sender_forged"],
  ["the same, where the recipient's domain only marks", "forged", "reject", [marks], null],
  ["the same, to one that refuses and one that marks: they all have it", "forged", "reject", [obeys, marks], null],
  ["the same, to two that refuse", "forged", "reject", [obeys, obeys], "sender_forged"],
  ["forged, and its domain asks for the junk folder", "forged", "quarantine", [obeys], null],
  ["let pass for its forwarder", "unverified", "reject", [obeys], null],
  ["from there", "verified", "reject", [obeys], null],
  ["for nobody", "forged", "reject", [], null],
] as const)("a message that is %s", (_what, sender, policy, policies, expected) => {
  expect(objectionTo(examined(sender, policy), [...policies])).toBe(expected);
});
