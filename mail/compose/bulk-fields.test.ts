import fc from "fast-check";
import { expect, it } from "vitest";
import { parseAddress } from "../address/address.ts";
import { bulkFields, taggedAddress } from "./bulk-fields.ts";

const url = `https://mail.mesh.test/unsubscribe/${"u".repeat(17)}.${"0".repeat(27)}`;

it("a copy names its recipient and both ways off the list, on lines that are no longer than they may be", () => {
  const fields = bulkFields({ recipient: "zoe@far.example", url, mailto: "news+u-1@mesh.test" });
  expect(fields).toBe(
    [
      "To: zoe@far.example",
      `List-Unsubscribe: <${url}>,`,
      " <mailto:news%2Bu-1@mesh.test?subject=unsubscribe>",
      "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
      "Precedence: bulk",
      "",
    ].join("\r\n"),
  );
});

it("an address too long for the tag leaves the one way", () => {
  const mailto = taggedAddress(`${"n".repeat(40)}@mesh.test`, `u-${"0".repeat(27)}`);
  expect(mailto).toBeNull();
  expect(bulkFields({ recipient: "z@far.example", url, mailto })).toContain(`List-Unsubscribe: <${url}>\r\n`);
});

it("the tag takes the place of another, also within quotes", () => {
  expect(taggedAddress("news+june@mesh.test", "u-1")).toBe("news+u-1@mesh.test");
  expect(taggedAddress('"the news"@mesh.test', "u-1")).toBe('"the news+u-1"@mesh.test');
});

it("no address can add a field or another way", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 40 }), (local) => {
      const address = parseAddress(`"${local}"@mesh.test`);
      if (!address.ok) return;
      const recipient = `${address.value.local_part}@mesh.test`;
      const fields = bulkFields({ recipient, url, mailto: taggedAddress(recipient, "u-1") });
      expect(fields.split("\r\n").filter((line) => /^\S/.test(line))).toHaveLength(4);
      expect(fields.match(/</g)?.length ?? 0).toBeLessThanOrEqual(3);
    }),
  );
});
