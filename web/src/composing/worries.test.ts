import { describe, expect, it } from "vitest";
import { imitated } from "./imitated.ts";
import { EMPTY } from "./letter.ts";
import { ownWords, speaksOfAttachment } from "./own-words.ts";

describe("a letter that speaks of an attachment", () => {
  it.each(["The plan is attached.", "Anbei der Plan.", "Siehe Anhang", "请看附件。"])("is %s", (text) =>
    expect(speaksOfAttachment(text)).toBe(true),
  );
  it.each(["I am fond of you.", "Wir hängen daran.", "附近有船。"])("is not %s", (text) =>
    expect(speaksOfAttachment(text)).toBe(false),
  );
  it("is none where only what is quoted, passed on or signed does", () => {
    const body = "Thanks!\n\n-- \nAlice, attached to nothing\n\nInes, Monday:\n> The plan is attached.\n";
    expect(ownWords({ ...EMPTY, body })).toMatch(/^Thanks!\s*Ines, Monday:\s*$/);
    expect(ownWords({ ...EMPTY, body: "See.\n\n---------- Forwarded message ----------\nattached" }).trim()).toBe(
      "See.",
    );
  });
});

describe("an address", () => {
  const known = ["alice@mesh-harbour.example", "ines@river-ferry.example"];
  it.each([
    ["ines@river-fery.example", "river-ferry.example"],
    ["bob@outlok.com", "outlook.com"],
  ])("%s looks like one at %s", (email, meant) => expect(imitated(email, known)).toBe(meant));
  it.each(["ines@river-ferry.example", "bob@gmail.com", "bob@ymail.com", "jonas@lake.example", "nobody"])(
    "%s looks like itself",
    (email) => expect(imitated(email, known)).toBeNull(),
  );
});
