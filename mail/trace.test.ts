import { describe, expect, it } from "vitest";
import { type Trace, traceFields } from "./trace.ts";

const TRACE: Trace = {
  mail_from: "zoe@far.example",
  rcpt_to: ["alice@mesh.test"],
  hop: {},
  hostname: "mx.mesh.test",
  id: "id1",
  received_at: Date.UTC(2026, 10, 24, 3, 21, 19),
  authentication: null,
};

const fields = (changes: Partial<Trace>) => traceFields({ ...TRACE, ...changes });
const returnPath = (mail_from: string) => /^Return-Path: (.*)\r\nReceived: /.exec(fields({ mail_from }))?.[1];
const forClause = (recipient: string) => /\tfor (.*);\r\n/.exec(fields({ rcpt_to: [recipient] }))?.[1];

it("the fields say who, whence, how, as what, for whom and when", () => {
  const hop = { helo: "mx.far.example", remote_address: "192.0.2.1", protocol: "ESMTPS" };
  expect(fields({ hop })).toBe(
    "Return-Path: <zoe@far.example>\r\n" +
      "Received: from mx.far.example ([192.0.2.1])\r\n" +
      "\tby mx.mesh.test (Mailmesh)\r\n" +
      "\twith ESMTPS id id1\r\n" +
      "\tfor <alice@mesh.test>;\r\n" +
      "\tTue, 24 Nov 2026 03:21:19 +0000\r\n",
  );
});

describe("a path is written as it is (RFC 5321 §4.4)", () => {
  it.each([
    [""],
    ["a@b.example"],
    ["用户@例え.テスト"],
    ['"a<b>c"@x.example'],
    ['"a b"@x.example'],
    ['"a\\"b>"@x.example'],
    ['"\\\\"@x.example'],
    ['"x@y>z"@[192.0.2.1]'],
    ["Postmaster"],
  ])("%s", (address) => {
    expect(returnPath(address)).toBe(`<${address}>`);
    expect(forClause(address)).toBe(`<${address}>`);
  });
});

describe("what would break out of its path stays in it", () => {
  it.each([
    ["a>\r\nSubject: forged@b.example", "<a???Subject: forged@b.example>"],
    ["a\u0000\t\u0085b@c.example", "<a???b@c.example>"],
    ["a<b>c@x.example", "<a?b?c@x.example>"],
    ['"a>b@x.example', '<"a?b@x.example>'],
    ['"a"b>"@x.example', '<"a"b?"@x.example>'],
    ['"a\\">@x.example', '<"a\\"?@x.example>'],
    ['"a<b"@x.example>, <c@d.example', '<"a<b"@x.example?, ?c@d.example>'],
    ['"a\r\nb"@x.example', '<"a??b"@x.example>'],
  ])("%j", (address, path) => {
    expect(returnPath(address)).toBe(path);
    expect(forClause(address)).toBe(path);
  });

  it("in linear time", () => {
    const started = performance.now();
    for (const piece of ['"\\', '"', "\\", '"a"', "<"]) returnPath(piece.repeat(50_000));
    expect(performance.now() - started).toBeLessThan(500);
  });
});

describe("the with clause", () => {
  it.each([["SMTP"], ["ESMTP"], ["ESMTPS"], ["ESMTPA"], ["ESMTPSA"], ["LMTP"], ["UTF8SMTP"], ["UTF8SMTPS"]])(
    "names %s, which is registered",
    (protocol) => expect(fields({ hop: { protocol } })).toContain(`\r\n\twith ${protocol} id id1\r\n`),
  );

  it.each([[undefined], ["HTTP"], ["LOCAL"], ["SMTPS"], ["X"]])("is left out for %s", (protocol) => {
    expect(fields({ hop: protocol === undefined ? {} : { protocol } })).toBe(
      "Return-Path: <zoe@far.example>\r\n" +
        "Received: by mx.mesh.test (Mailmesh)\r\n" +
        "\tid id1\r\n" +
        "\tfor <alice@mesh.test>;\r\n" +
        "\tTue, 24 Nov 2026 03:21:19 +0000\r\n",
    );
  });
});
