import { describe, expect, it } from "vitest";
import { addressKey } from "./address-key.ts";
import { bounceTokenIn, withBounceToken } from "./bounce-address.ts";

const TOKEN = "0123456789abcdefghj";

describe("an address for bounces", () => {
  it("carries the token, and gives it back, in capitals too", () => {
    const address = withBounceToken("alice@mesh.test", TOKEN);
    expect(address).toBe(`alice+b-${TOKEN}@mesh.test`);
    expect(bounceTokenIn(address ?? "")).toBe(TOKEN);
    expect(bounceTokenIn(address?.toUpperCase() ?? "")).toBe(TOKEN);
  });

  it.each([
    ["would be longer than 64 octets", `${"a".repeat(43)}@mesh.test`],
    ["would be longer than 64 octets in UTF-8", `${"ü".repeat(22)}@mesh.test`],
    ["has a tag already", "alice+news@mesh.test"],
    ["is quoted", '"a b"@mesh.test'],
    ["is none", "nobody"],
    ["is the null path", ""],
  ])("is not made where the address %s", (_why, address) => expect(withBounceToken(address, TOKEN)).toBeNull());

  it("is made up to the limit", () => expect(withBounceToken(`${"a".repeat(42)}@mesh.test`, TOKEN)).not.toBeNull());

  it.each(["alice@mesh.test", "alice+b-@mesh.test", "alice+news@mesh.test", "b-abc@mesh.test", ""])(
    "is not %j",
    (address) => expect(bounceTokenIn(address)).toBeNull(),
  );
});

describe("the key of an address", () => {
  it("is the same for each of its spellings", () => {
    expect(addressKey("Bob@FAR.example")).toBe("bob@far.example");
    expect(addressKey('"Bob"@far.example')).toBe("bob@far.example");
    expect(addressKey("bob")).toBeNull();
  });
});
