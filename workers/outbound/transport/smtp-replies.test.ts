import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ReplyReader, wordsOf } from "./smtp-replies.ts";

const bytesOf = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));

function read(text: string) {
  const reader = new ReplyReader();
  reader.push(bytesOf(text));
  return reader.next();
}

function replyIn(text: string) {
  const next = read(text);
  if (next.kind !== "reply") throw new Error(`no reply: ${JSON.stringify(next)}`);
  return next.reply;
}

describe("a reply", () => {
  it("has a code and a text", () => {
    expect(replyIn("250 Ok\r\n")).toEqual({ code: 250, status: "2.0.0", lines: ["Ok"] });
  });

  it("may have no text at all", () => {
    expect(replyIn("250\r\n").lines).toEqual([""]);
    expect(replyIn("250 \r\n").lines).toEqual([""]);
  });

  it("goes on while a hyphen follows the code", () => {
    expect(replyIn("250-peer.test\r\n250-SIZE 100\r\n250 8BITMIME\r\n").lines).toEqual([
      "peer.test",
      "SIZE 100",
      "8BITMIME",
    ]);
  });

  it("may end its lines with LF alone", () => {
    expect(replyIn("250-a\n250 b\n").lines).toEqual(["a", "b"]);
  });

  it("is the same in however many pieces it comes", () => {
    const text = "550-5.1.1 No such user\r\n550 5.1.1 Ask \xe9lsewhere\r\n250 next\r\n";
    fc.assert(
      fc.property(fc.array(fc.nat(text.length), { maxLength: 8 }), (cuts) => {
        const reader = new ReplyReader();
        const places = [0, ...cuts.sort((a, b) => a - b), text.length];
        const seen: unknown[] = [];
        for (const [index, to] of places.slice(1).entries()) {
          reader.push(bytesOf(text.slice(places[index], to)));
          for (let next = reader.next(); next.kind === "reply"; next = reader.next()) seen.push(wordsOf(next.reply));
        }
        expect(seen).toEqual(["550 5.1.1 No such user Ask \u{fffd}lsewhere", "250 next"]);
        expect(reader.hasUnread).toBe(false);
      }),
    );
  });

  it("gives its enhanced status code, from whichever line has it", () => {
    expect(replyIn("550 5.1.1 No\r\n").status).toBe("5.1.1");
    expect(replyIn("550-Look here\r\n550 5.7.26 Unauthenticated\r\n").status).toBe("5.7.26");
  });

  it.each([
    ["450 Busy", "4.2.0"],
    ["421 Bye", "4.3.2"],
    ["452 Full", "4.3.1"],
    ["535 No", "5.7.8"],
    ["550 No", "5.0.0"],
    // An enhanced code of another class than the basic one contradicts it; the basic one decides (RFC 2034 §4).
    ["450 5.1.1 Odd", "4.2.0"],
    ["550 5.1.1x Odd", "5.0.0"],
    ["550 5.1234.1 Odd", "5.0.0"],
  ])("%j has the status %s", (line, status) => {
    expect(replyIn(`${line}\r\n`).status).toBe(status);
  });
});

describe("what is not a reply", () => {
  it.each([
    "HTTP/1.1 400 Bad Request\r\n",
    "\r\n",
    "99 short\r\n",
    "150 preliminary\r\n",
    "650 no such class\r\n",
    "250_ok\r\n",
    "250-one\r\n251 another code\r\n",
    "\x16\x03\x01\x00\n",
  ])("%j is garbage", (text) => {
    expect(read(text).kind).toBe("garbage");
  });

  it("is waited for while a line may still become one", () => {
    expect(read("250 half a li").kind).toBe("incomplete");
    expect(read("250-half a reply\r\n").kind).toBe("incomplete");
    expect(read("").kind).toBe("incomplete");
  });

  it("is a line without an end", () => {
    expect(read(`250 ${"x".repeat(5000)}`).kind).toBe("garbage");
  });

  it("is a reply without an end", () => {
    const reader = new ReplyReader();
    let lines = 0;
    for (; lines < 1000; lines += 1) {
      reader.push(bytesOf("250-more\r\n"));
      if (reader.next().kind === "garbage") break;
    }
    expect(lines).toBeLessThan(200);
  });

  it("never makes the reader throw", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 50 }), { maxLength: 5 }), (pieces) => {
        const reader = new ReplyReader();
        for (const piece of pieces) {
          reader.push(piece);
          if (reader.next().kind === "garbage") return;
        }
      }),
    );
  });
});

describe("the words of a reply", () => {
  it("are one line with one enhanced code", () => {
    expect(wordsOf(replyIn("550-5.1.1 No such user\r\n550-5.1.1 here.\r\n550 5.1.1 Bye\r\n"))).toBe(
      "550 5.1.1 No such user here. Bye",
    );
  });

  it("hold no control characters and no endless text", () => {
    const reply = replyIn(`550-\x1b[31mred\x00\t\x7f${"x".repeat(3000)}\r\n550 ${"y".repeat(3000)}\r\n`);
    const words = wordsOf(reply);
    expect(words).toMatch(/^550 \[31mred x+…$/);
    expect(words.length).toBe(500);
  });
});
