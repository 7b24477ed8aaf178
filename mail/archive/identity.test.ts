import { expect, it } from "vitest";
import { fingerprintOf } from "../fingerprint.ts";
import { identityOf } from "./identity.ts";

const encode = (text: string) => new Uint8Array(new TextEncoder().encode(text));
const of = async (text: string) => (await identityOf(encode(text))).fingerprint;

const DELIVERED = "Subject: a\r\nMessage-ID: <a@b>\r\n\r\nOne.\r\nTwo.\r\n";

it.each([
  ["as it came", DELIVERED],
  ["with the line ends of Unix", DELIVERED.replaceAll("\r\n", "\n")],
  ["with a label", `X-GM-THRID: 1\nX-Gmail-Labels: Inbox,\n Unread\n${DELIVERED.replaceAll("\r\n", "\n")}`],
  [
    "with flags of mutt and Thunderbird",
    DELIVERED.replace("\r\n\r\n", "\r\nStatus: RO\r\nX-Mozilla-Status: 0001\r\n\r\n"),
  ],
  ["with another way to here", `Received: by x; yesterday\r\nReturn-Path: <a@b>\r\n${DELIVERED}`],
])("a message %s is the one that was delivered", async (_how, kept) => {
  expect(await of(kept)).toBe(fingerprintOf(encode(DELIVERED)).hash);
});

it.each([
  ["another text", DELIVERED.replace("Two", "Three")],
  ["another subject", DELIVERED.replace("Subject: a", "Subject: b")],
  ["a flag in its text", DELIVERED.replace("Two", "Status: RO\r\nTwo")],
])("a message with %s is another", async (_how, other) => {
  expect(await of(other)).not.toBe(await of(DELIVERED));
});

it("the very bytes are known as well, as a delivery with other line ends had them", async () => {
  const bytes = encode("Subject: a\n\nbare\n");
  expect((await identityOf(bytes)).exact).toBe(fingerprintOf(bytes).hash);
});
