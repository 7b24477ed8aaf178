import { describe, expect, it } from "vitest";
import { Envelope } from "./ingest.ts";

const issuesOf = (envelope: { mail_from: string; rcpt_to: string[] }) =>
  Envelope.safeParse(envelope).error?.issues.map(({ path, message }) => [path.join("."), message]) ?? [];

describe("an envelope", () => {
  it.each([[""], ["a@b.example"], ['"a<b> c"@x.example'], ["用户@例え.テスト"], ["Postmaster"]])(
    "takes %j",
    (address) => {
      expect(issuesOf({ mail_from: address, rcpt_to: [address || "a@b.example"] })).toEqual([]);
    },
  );

  it.each([["\r"], ["\n"], ["\0"], ["\t"], ["\x7f"], ["\x85"], ["\u001b"]])(
    "takes no address with %j, which would end or forge a field",
    (control) => {
      const address = `"a${control}b"@x.example`;
      expect(issuesOf({ mail_from: address, rcpt_to: ["ok@x.example", address] })).toEqual([
        ["mail_from", "control_character"],
        ["rcpt_to.1", "control_character"],
      ]);
    },
  );
});
