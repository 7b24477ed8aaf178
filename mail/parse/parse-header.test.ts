import { describe, expect, it } from "vitest";
import { bytes, raw } from "./fixtures/raw.ts";
import { parseMessage } from "./parse-message.ts";

async function header(...lines: string[]) {
  return parseMessage(raw(...lines, "", "body"));
}

describe("the subject", () => {
  it.each([
    ["Subject: Hello", "Hello"],
    ["SUBJECT : Hello", "Hello"],
    ["Subject: Hello\r\n  wide\r\n\tworld", "Hello  wide world"],
    ["Subject: =?utf-8?B?SMOpbGxv?=", "Héllo"],
    ["Subject: =?utf-8?Q?H=C3=A9?=\r\n =?utf-8?Q?llo?=", "Héllo"],
    ["Subject: =?UTF-8?Q?=E2=82?= =?UTF-8?Q?=AC?=", "€"],
    ["Subject: =?iso-8859-1*de?q?Gr=FC=DFe?= aus", "Grüße aus"],
    ["Subject: =?iso-2022-jp?B?GyRCRnxLXBsoQg==?=", "日本"],
    ["Subject: =?unknown-8bit?Q?H=C3=A9?=", "Hé"],
    ["Subject: =?x-nobody-knows?Q?H=E9?=", "Hé"],
    ["Subject: =?utf-7?Q?H+AOk-?=", "Hé"],
    ["Subject: =?utf-8?Q?a_b?= c =?utf-8?Q?d?=", "a b c d"],
    ["Subject: =?utf-8?Q?unclosed", "=?utf-8?Q?unclosed"],
    ["Subject: Größe", "Größe"],
    ["Subject: Gr%%F6%%DFe", "Größe"],
    ["Content-Type: text/plain; charset=koi8-r\r\nSubject: %%F0%%D2%%C9%%D7%%C5%%D4", "Привет"],
    ["Content-Type: text/plain; charset=nonsense\r\nSubject: Gr%%F6%%DFe", "Größe"],
    ["Subject: \u001b$B$3$s$K$A$O\u001b(B", "こんにちは"],
    ["Subject: a\u0000b\u0007c\u001b[31m", "a b c [31m"],
    ["Subject: abc\u202egnp.exe\u2066x", "abc gnp.exe x"],
    ["Subject: =?utf-8?B?7aCA?=", "���"],
    ["Subject: =?utf-8?Q?a=0D=0ABcc:_x@y.test?=", "a Bcc: x@y.test"],
    ["Subject:", ""],
    ["X-Other: 1", ""],
    ["Subject: first\r\nSubject: second", "first"],
    ["Subject Hello", ""],
  ])("in %j reads %j", async (line, subject) => {
    const message = await parseMessage(bytes(`${line}\r\nFrom: a@b.test\r\nTo: c@b.test\r\n\r\nbody`));
    expect(message.subject).toBe(subject);
    expect(message.text).toBe("body");
  });

  it("has an end", async () => {
    const message = await header(`Subject: ${"é".repeat(100_000)}`);
    expect(message.subject).toBe("é".repeat(4096));
  });
});

describe("an address field", () => {
  it("of authors is read as far as it is verified, and no further", async () => {
    const behind = (length: number) => header(`From: "${"n".repeat(length)}" <info@bank.test>`);
    expect((await behind(16_000)).from?.email).toBe("info@bank.test");
    expect((await behind(17_000)).from?.email).toBe("");
  });

  it.each([
    ["hz-gb-2312", "~{<x@evil.test>~} \xff <info@bank.test>", "x@evil.test"],
    ["utf-7", "\xff +ADw-info+AEA-bank.test+AD4- <x@evil.test>", "x@evil.test"],
    ["gbk", '"a \x81\\" <info@bank.test>, " <x@evil.test>', "x@evil.test"],
  ])("has the addresses that it has without the body's charset, %s", async (charset, from, email) => {
    const lines = `From: ${from}\r\nContent-Type: text/plain; charset=${charset}\r\n\r\nbody`;
    expect((await parseMessage(Uint8Array.from(lines, (c) => c.charCodeAt(0)))).from?.email).toContain(email);
  });

  it.each([
    ["a@b.test", [["", "a@b.test"]]],
    ["Ann <a@b.test>", [["Ann", "a@b.test"]]],
    [
      '"Lee, Ann" <a@b.test>, c@d.test',
      [
        ["Lee, Ann", "a@b.test"],
        ["", "c@d.test"],
      ],
    ],
    ["\"'Ann'\" <a@b.test>", [["Ann", "a@b.test"]]],
    ["=?utf-8?Q?J=C3=BCrgen?= <j@b.test>", [["Jürgen", "j@b.test"]]],
    ["=?utf-8?Q?=22Evil=22_=3Cceo=40bank.test=3E?= <x@y.test>", [['"Evil" <ceo@bank.test>', "x@y.test"]]],
    ["J%%FCrgen <j@b.test>", [["Jürgen", "j@b.test"]]],
    [
      "Team: a@b.test, Bob <b@b.test>;, c@b.test",
      [
        ["", "a@b.test"],
        ["Bob", "b@b.test"],
        ["", "c@b.test"],
      ],
    ],
    ["undisclosed-recipients:;", []],
    ["a@b.test (Ann)", [["Ann", "a@b.test"]]],
    ["<a @ b.test>", [["", "a@b.test"]]],
    ["Ann", [["Ann", ""]]],
    ["用户@例え.テスト", [["", "用户@例え.テスト"]]],
    [",,, ;", []],
    ["", []],
  ])("%j gives %j", async (value, expected) => {
    const message = await parseMessage(bytes(`To: ${value}\r\nSubject: x\r\n\r\n`));
    expect(message.to.map(({ name, email }) => [name, email])).toEqual(expected);
  });

  it("may come more than once", async () => {
    const message = await header("To: a@b.test", "Cc: c@b.test", "To: b@b.test", "Bcc: d@b.test", "Reply-To: r@b.test");
    expect(message.to.map((to) => to.email)).toEqual(["a@b.test", "b@b.test"]);
    expect(message.cc.map((cc) => cc.email)).toEqual(["c@b.test"]);
    expect(message.bcc.map((bcc) => bcc.email)).toEqual(["d@b.test"]);
    expect(message.reply_to.map((to) => to.email)).toEqual(["r@b.test"]);
  });

  it("gives the first author, and the sender beside", async () => {
    const message = await header("From: Ann <a@b.test>, Bob <b@b.test>", "Sender: c@b.test");
    expect(message.from).toEqual({ name: "Ann", email: "a@b.test" });
    expect(message.sender).toEqual({ name: "", email: "c@b.test" });
  });

  it("that is missing gives no author", async () => {
    const message = await header("Subject: x");
    expect(message.from).toBeNull();
    expect(message.sender).toBeNull();
    expect(message.parse_note).toBeNull();
  });

  it("has an end", async () => {
    const message = await header(`To: ${Array.from({ length: 5000 }, (_, n) => `u${n}@b.test`).join(",\r\n ")}`);
    expect(message.to).toHaveLength(2000);
  });
});

describe("message ids", () => {
  it("are without brackets, folds and comments", async () => {
    const message = await header(
      "Message-ID: <a.long-\r\n one@mesh.test> (added by us)",
      'In-Reply-To: Your message of "Mon, 1 Jan 2024" <old@mesh.test>',
      "References: <1@x>\r\n\t<2@x><3@x>, <1@x>",
      "List-Id: Mesh Talk <Talk.Mesh.Test>",
    );
    expect(message.message_id).toBe("a.long-one@mesh.test");
    expect(message.in_reply_to).toBe("old@mesh.test");
    expect(message.references).toEqual(["2@x", "3@x", "1@x"]);
    expect(message.list_id).toBe("talk.mesh.test");
  });

  it("are read without brackets too", async () => {
    const message = await header("Message-ID: a@b", "References: 1@x 2@x", "In-Reply-To: none");
    expect(message.message_id).toBe("a@b");
    expect(message.references).toEqual(["1@x", "2@x"]);
    expect(message.in_reply_to).toBe("none");
  });

  it("are null where there are none", async () => {
    const message = await header("Message-ID: <>", "References:");
    expect(message).toMatchObject({ message_id: null, in_reply_to: null, references: [], list_id: null });
  });

  it("are the last hundred, each of at most 998 characters", async () => {
    const ids = Array.from({ length: 300 }, (_, n) => `<${n}@x>`);
    const message = await header(`Message-ID: <${"m".repeat(5000)}>`, `References: ${ids.join("\r\n ")}`);
    expect(message.references).toEqual(Array.from({ length: 100 }, (_, n) => `${n + 200}@x`));
    expect(message.message_id).toBe("m".repeat(998));
  });
});

it("who asks for a receipt is an address or nobody", async () => {
  const asked = (field: string) => header(field).then(({ receipt_to }) => receipt_to);
  expect(await asked("Disposition-Notification-To: Zoe <zoe@far.example>, x@far.example")).toBe("zoe@far.example");
  expect(await asked("Disposition-Notification-To: Zoe")).toBeNull();
  expect(await asked("X-Other: 1")).toBeNull();
});
