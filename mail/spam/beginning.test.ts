import { describe, expect, it } from "vitest";
import { STRINGS, stringsOf } from "./beginning.ts";

const encode = (text: string) => new TextEncoder().encode(text);
const ofText = (text: string) => stringsOf(encode(text));
const message = (header: string, body = "Hello, how are you?") => `${header}\r\n\r\n${body}`;

describe("the strings a message begins with", () => {
  it("are each five bytes that follow each other, once", () => {
    expect(ofText("abcd")).toHaveLength(0);
    expect(ofText("\r\nabc")).toHaveLength(1);
    expect(ofText(`\r\n${"a".repeat(1000)}`)).toHaveLength(3);
  });

  it("are others when it came another way, or to another address", () => {
    const here = ofText(message("Received: from a.example by b.example\r\nTo: alice@mesh.test"));
    expect(ofText(message("Received: from c.example by b.example\r\nTo: alice@mesh.test"))).not.toEqual(here);
    expect(ofText(message("Received: from a.example by b.example\r\nTo: alice+shop@mesh.test"))).not.toEqual(here);
  });

  it("are not of signatures, nor of what others wrote into it once it was delivered", () => {
    const noise =
      "DKIM-Signature: v=1; b=Zm9v\r\n c29t\r\nX-Spam-Status: Yes\r\nStatus: RO\r\nAuthentication-Results: a\r\n";
    expect(ofText(message(`${noise}Subject: Hello`))).toEqual(ofText(message("Subject: Hello")));
  });

  it("leave room for the body behind a long header", () => {
    const header = `X-Long: ${"abcdefgh".repeat(10_000)}\r\n`.repeat(2);
    expect(ofText(message(header, "one body"))).not.toEqual(ofText(message(header, "another")));
  });

  it.each([
    ["nothing", new Uint8Array()],
    ["a megabyte of header", encode("X: y\r\n".repeat(200_000))],
    ["25 MiB that mean nothing", new Uint8Array(25 * 1024 * 1024).map((_, n) => (n * 2_654_435_761) >>> 24)],
  ])("are bounded for %s", (_what, bytes) => {
    const strings = stringsOf(bytes);
    expect(strings.length).toBeLessThan(6000);
    expect(strings.every((place) => place < STRINGS)).toBe(true);
  });
});
