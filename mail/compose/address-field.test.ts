import { describe, expect, it } from "vitest";
import { formatAddressField, formatAddressList, formatAddrSpec, hasUtf8LocalPart } from "./address-field.ts";
import { composeMessage, needsSmtpUtf8 } from "./compose-message.ts";
import { anOutgoing, expectSound, headerOf, PARSERS } from "./read-back.test-support.ts";

describe("a mailbox", () => {
  it.each([
    ["", "a@b.test", "a@b.test"],
    ["   ", "a@b.test", "a@b.test"],
    ["Ann", "a@b.test", "Ann <a@b.test>"],
    ["Ann Bee", "a@b.test", "Ann Bee <a@b.test>"],
    ["Ann B. Cee", "a@b.test", '"Ann B. Cee" <a@b.test>'],
    ["Doe, John", "a@b.test", '"Doe, John" <a@b.test>'],
    ['say "hi" \\', "a@b.test", '"say \\"hi\\" \\\\" <a@b.test>'],
    ["Jürgen", "a@b.test", "=?utf-8?q?J=C3=BCrgen?= <a@b.test>"],
    ["山田", "a@b.test", "=?utf-8?b?5bGx55Sw?= <a@b.test>"],
    ["=?x?q?y?=", "a@b.test", "=?utf-8?b?PT94P3E/eT89?= <a@b.test>"],
    ["a\r\nb", "a@b.test", "a b <a@b.test>"],
    ["", '"a b"@b.test', '<"a b"@b.test>'],
  ])("of %j and %j is %j", (name, email, written) => {
    expect(formatAddressList("To", [{ name, email }])).toBe(written);
  });

  it.each([
    ["a@bücher.example", "a@xn--bcher-kva.example"],
    ["a@例え.テスト", "a@xn--r8jz45g.xn--zckzah"],
    ["用户@例え.テスト", "用户@xn--r8jz45g.xn--zckzah"],
    ["a b@c.test", '"a b"@c.test'],
    ["a..b@c.test", '"a..b"@c.test'],
    ['"a@b"@c.test', '"a@b"@c.test'],
    ["a\r\nb c@c.test", '"ab c"@c.test'],
    ['a"b@c.test', "unwritable@invalid"],
    ["a>, <b@c.test", "unwritable@invalid"],
    ['"a>, <b"@c.test', "unwritable@invalid"],
    ["a\r\nRCPT TO:<x>@c.test", "unwritable@invalid"],
    ["", "unwritable@invalid"],
    ["alice", "unwritable@invalid"],
    ["@c.test", "unwritable@invalid"],
    ["a@", "unwritable@invalid"],
    ["a@c d.test", "unwritable@invalid"],
    [`${"x".repeat(65)}@c.test`, "unwritable@invalid"],
  ])("has the address %j written %j", (email, written) => {
    expect(formatAddrSpec(email)).toBe(written);
  });
});

describe("an address field", () => {
  it("stands alone, with its line end, for the sender's own copy", async () => {
    const bcc = Array.from({ length: 9 }, (_, n) => ({
      name: `Näme ${n}, Dr.`,
      email: `person.number.${n}@mesh.test`,
    }));
    const field = formatAddressField("Bcc", bcc);
    expect(field).toMatch(/^Bcc: .*\r\n$/s);
    const message = composeMessage(anOutgoing());
    const copy = Uint8Array.from([...new TextEncoder().encode(field), ...message]);
    expectSound(copy);
    expect(headerOf(copy).slice(-headerOf(message).length)).toEqual(headerOf(message));
    const renamed = new TextEncoder().encode(field.replace("Bcc: ", "Cc: "));
    for (const [, read] of PARSERS) {
      const { cc } = await read(Uint8Array.from([...renamed, ...message]));
      expect(cc).toEqual(bcc.map(({ name, email }) => `${name}|${email}`));
    }
  });

  it("is nothing at all for nobody", () => {
    expect(formatAddressField("Bcc", [])).toBe("");
  });

  it("of 500 recipients keeps every one, on lines that are short enough", async () => {
    const to = Array.from({ length: 500 }, (_, n) => ({ name: n % 3 ? `Name ${n}` : "", email: `r${n}@mesh.test` }));
    const raw = composeMessage(anOutgoing({ to }));
    expectSound(raw);
    for (const [, read] of PARSERS) {
      expect((await read(raw)).to).toEqual(to.map(({ name, email }) => `${name}|${email}`));
    }
  });

  it.each(['"a b"@mesh.test', '"a@b, c;d:(e)"@mesh.test', '"q\\"q"@mesh.test'])(
    "keeps the quotes of %s",
    async (email) => {
      const to = ["", "Name", "Näme"].map((name) => ({ name, email }));
      for (const [, read] of PARSERS) {
        expect((await read(composeMessage(anOutgoing({ to })))).to).toEqual(to.map(({ name }) => `${name}|${email}`));
      }
    },
  );

  it("names nobody when all recipients are hidden", async () => {
    expect(headerOf(composeMessage(anOutgoing({ to: [] })))).toContain("To: undisclosed-recipients:;");
    const cc = [{ name: "", email: "c@mesh.test" }];
    expect(headerOf(composeMessage(anOutgoing({ to: [], cc })))).not.toContain("To: undisclosed-recipients:;");
  });
});

describe("SMTPUTF8", () => {
  const eai = { name: "用户", email: "用户@例え.テスト" };
  const idn = { name: "用户", email: "user@例え.テスト" };

  it("is needed for a local part beyond ASCII, in any field, and for nothing else", () => {
    expect(hasUtf8LocalPart(eai.email)).toBe(true);
    expect(hasUtf8LocalPart(idn.email)).toBe(false);
    expect(needsSmtpUtf8(anOutgoing({ from: idn, to: [idn], subject: "Grüße" }))).toBe(false);
    for (const changes of [{ from: eai }, { to: [idn, eai] }, { cc: [eai] }, { reply_to: [eai] }]) {
      expect(needsSmtpUtf8(anOutgoing(changes))).toBe(true);
    }
  });

  it("leaves the local part in UTF-8, and the name encoded all the same", async () => {
    const raw = composeMessage(anOutgoing({ to: [eai] }));
    expectSound(raw, { asItIs: true });
    const field = new TextDecoder()
      .decode(raw)
      .split("\r\n")
      .find((line) => line.startsWith("To: "));
    expect(field).toBe("To: =?utf-8?b?55So5oi3?= <用户@xn--r8jz45g.xn--zckzah>");
    for (const [, read] of PARSERS) expect((await read(raw)).to[0]).toContain("用户|用户@");
  });
});
