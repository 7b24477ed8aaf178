import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { foundIn, ImapResponses, imapSearch } from "./imap-responses.ts";

const texts = (responses: Buffer[]) => responses.map(String);

describe("responses of an IMAP server", () => {
  it("are lines", () => {
    const said = "* 2 EXISTS\r\na1 OK done\r\n* 3 EX";
    expect(texts(new ImapResponses().take(Buffer.from(said)))).toEqual(["* 2 EXISTS", "a1 OK done"]);
  });

  it("hold literals, with line ends and with what looks like responses", () => {
    const mail = "Subject: x\r\n\r\na1 OK not the end\r\n{3}\r\n";
    const fetch = `* 1 FETCH (BODY[] {${mail.length}}\r\n${mail} ENVELOPE (NIL {2}\r\nhi))`;
    const said = Buffer.from(`${fetch}\r\na1 OK done\r\n`);
    expect(texts(new ImapResponses().take(said))).toEqual([fetch, "a1 OK done"]);
  });

  it("an empty literal, and braces that are none", () => {
    const said = Buffer.from('* 1 FETCH (X {0}\r\n)\r\n* OK {a}\r\na1 OK "{3}" \r\n');
    expect(texts(new ImapResponses().take(said))).toEqual(["* 1 FETCH (X {0}\r\n)", "* OK {a}", 'a1 OK "{3}" ']);
  });

  it("are the same however the bytes are cut", () => {
    const said = Buffer.from('* 1 FETCH (BODY[] {9}\r\na\r\nb {2}\r\n FLAGS ())\r\n* SEARCH 1 2\r\na1 OK "x"\r\n');
    const whole = texts(new ImapResponses().take(said));
    fc.assert(
      fc.property(fc.array(fc.nat(said.length)), (cuts) => {
        const places = [0, ...cuts.sort((a, b) => a - b), said.length];
        const responses = new ImapResponses();
        const pieces = places.slice(1).map((end, n) => said.subarray(places[n], end));
        expect(pieces.flatMap((piece) => texts(responses.take(piece)))).toEqual(whole);
      }),
    );
    expect(whole).toHaveLength(3);
  });
});

describe("searches", () => {
  it.each([
    ["babe", 'TEXT "babe"'],
    ["babe dabe", 'TEXT "babe" TEXT "dabe"'],
    ['"babe dabe" x', 'TEXT "babe dabe" TEXT "x"'],
    ["from:babe", 'FROM "babe"'],
    ["a\\b", 'TEXT "a\\\\b"'],
    ["打合", "CHARSET UTF-8 TEXT {6+}\r\n打合"],
  ])("%s is asked as %s", (q, keys) => {
    expect(imapSearch(q)).toBe(keys);
  });

  it.each([
    ["* SEARCH 4 9 12", [4, 9, 12]],
    ["* SEARCH", []],
    ["* 4 EXISTS", []],
  ])("%s found %j", (response, found) => {
    expect(foundIn(Buffer.from(response))).toEqual(found);
  });
});
