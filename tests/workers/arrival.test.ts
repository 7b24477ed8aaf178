import { describe, expect, it } from "vitest";
import { aLetter, anAccount, ingest } from "./mesh.ts";

describe("a message that arrives", () => {
  it("is in the inbox with its sender, subject and body", async () => {
    const alice = await anAccount();
    const outcome = await ingest(
      "zoe@far.example",
      alice.email,
      aLetter({ subject: "Invoice 7", body: "Please pay the plumber." }),
    );
    expect(outcome).toEqual([{ address: alice.email, outcome: "accepted" }]);
    const [summary] = await alice.messages();
    expect(summary).toMatchObject({
      subject: "Invoice 7",
      from: { name: "Zoe", email: "zoe@far.example" },
      is_read: false,
      user_id: alice.user_id,
    });
    const message = await alice.open(summary?.id ?? "");
    expect(message.body.trim()).toBe("Please pay the plumber.");
  });
});
