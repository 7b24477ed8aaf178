/** 200 varied messages, as they arrive: composed here or real ones, signed by a pair of keys of `mesh.example`. */
import { composeMessage, type OutgoingAttachment, type OutgoingMessage } from "../../mail/compose/compose-message.ts";
import { importSigningKey, keyRecord, makeKeyPair } from "../../mail/dkim/keys.ts";
import { signMessage } from "../../mail/dkim/sign-message.ts";
import { corpus } from "./corpus.ts";

export interface SignedMessages {
  messages: { name: string; raw: Buffer }[];
  /** TXT records by name. */
  records: Map<string, string>;
}

const DOMAIN = "mesh.example";
const AUTHOR = `From: Alice <alice@${DOMAIN}>\r\n`;

export async function signedMessages(now: number): Promise<SignedMessages> {
  const pairs = await Promise.all([makeKeyPair("rsa-sha256"), makeKeyPair("ed25519-sha256")]);
  const selectors = ["mm202611a", "mm202611b"];
  const keys = await Promise.all(pairs.map((pair, n) => importSigningKey(selectors[n] ?? "", pair)));
  const unsigned = [...composed(now), ...byHand(), ...real()].slice(0, 200);
  const messages = await Promise.all(
    unsigned.map(async ({ name, raw }) => {
      const fields = await signMessage(new Uint8Array(raw), keys, { domain: DOMAIN, time: now });
      // SMTP ends the last line where the message does not (RFC 5321 §4.1.1.4); the signature holds for both.
      const end = raw.toString("latin1").endsWith("\r\n") ? "" : "\r\n";
      return { name, raw: Buffer.concat([fields, raw, Buffer.from(end)]) };
    }),
  );
  const records = pairs.map((pair, n) => [`${selectors[n]}._domainkey.${DOMAIN}`, keyRecord(pair)] as const);
  return { messages, records: new Map(records) };
}

const TEXTS = [
  ["Latin", "Grüße aus Zürich — ça va?"],
  ["Greek", "Καλημέρα κόσμε"],
  ["Cyrillic", "Здравствуй, мир"],
  ["Hebrew", "שלום עולם"],
  ["Arabic", "مرحبا بالعالم"],
  ["Devanagari", "नमस्ते दुनिया"],
  ["Thai", "สวัสดีชาวโลก"],
  ["Chinese", "你好，世界"],
  ["Japanese", "こんにちは世界"],
  ["Korean", "안녕하세요 세계"],
  ["emoji", "👩‍👩‍👧‍👦 🗓️ 🏳️‍🌈"],
  ["empty", ""],
  ["blanks", "  two  \t spaces  \r\n \t \r\nat the end   "],
  ["blank lines", "\r\n\r\nfirst\r\n\r\n\r\n\r\n"],
  ["dots", ".\r\n..\r\n.dot at the start\r\n."],
  ["From", "From here on\r\n>From there on\r\n"],
  ["one long line", "word ".repeat(2000)],
  ["no blank to fold at", "x".repeat(3000)],
] as const;

const nested = Buffer.from("From: zoe@far.example\r\nSubject: \xe9t\xe9\r\n\r\n8-bit \xff\r\n", "latin1");

const ATTACHMENTS: OutgoingAttachment[][] = [
  [],
  [attachment("notes.txt", "text/plain", Buffer.from("zwei\r\n"))],
  [
    attachment("予定 Ü.bin", "application/octet-stream", Buffer.alloc(70_000, 7)),
    attachment("e", "image/png", Buffer.alloc(1)),
  ],
  [attachment("forwarded.eml", "message/rfc822", nested)],
];

function attachment(filename: string, content_type: string, content: Buffer): OutgoingAttachment {
  return { filename, content_type, disposition: "attachment", content: new Uint8Array(content) };
}

/** Every text with every set of attachments, half of them with HTML. */
const composed = (now: number) =>
  TEXTS.flatMap(([script, text], n) =>
    ATTACHMENTS.map((attachments, m) => {
      const message: OutgoingMessage = {
        from: { name: text.slice(0, 30).trim() || "Alice", email: `alice@${DOMAIN}` },
        to: Array.from({ length: 1 + ((n * m) % 40) }, (_, k) => ({
          name: `${script} ${k}`,
          email: `to${k}@far.example`,
        })),
        cc: m === 1 ? [{ name: "", email: "carl@far.example" }] : [],
        reply_to: m === 2 ? [{ name: text.slice(0, 10).trim(), email: `answers@${DOMAIN}` }] : [],
        subject: `${script} ${text.slice(0, 400).replaceAll(/\s+/g, " ")}`,
        body: text,
        ...(n % 2 === 0 ? {} : { body_html: `<p>${text}</p>` }),
        attachments,
        in_reply_to: m === 3 ? "parent@far.example" : null,
        references: m === 3 ? Array.from({ length: 30 }, (_, k) => `reference-${k}@far.example`) : [],
        message_id: `${n}.${m}@${DOMAIN}`,
        date: new Date(now),
        boundary_seed: `boundary0of0the0tests0${n}x${m}`,
      };
      return { name: `${script}, ${attachments.length} attached`, raw: Buffer.from(composeMessage(message)) };
    }),
  );

/** What the composer does not write itself. */
const byHand = () =>
  [
    ["flowed", "Content-Type: text/plain; format=flowed; delsp=yes\r\n", "so \r\nflowing \r\n -- \r\nsigned\r\n"],
    [
      "bulk",
      "List-Unsubscribe: <https://mesh.example/u>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n",
      "buy\r\n",
    ],
    ["folded oddly", "Subject:\r\n\tone\r\n \t two  three \r\nX-Empty:\r\n", "text\r\n"],
    ["no body", "Subject: none\r\n", ""],
    ["only line ends", "Subject: none\r\n", "\r\n\r\n\r\n"],
    ["only blanks", "Subject: none\r\n", " \t \r\n \r\n"],
    ["no last line end", "Subject: cut\r\n", "cut"],
    ["two of a field", "Cc: a@far.example\r\nSubject: 2\r\nCc: b@far.example\r\nKeywords: k\r\n", "text\r\n"],
    [
      "8-bit",
      "Content-Transfer-Encoding: 8bit\r\nContent-Type: text/plain; charset=latin1\r\n",
      "\xe4\xf6\xfc\xff\r\n",
    ],
  ].map(([name = "", fields = "", body = ""]) => {
    return { name, raw: Buffer.from(`${AUTHOR}To: zoe@far.example\r\n${fields}\r\n${body}`, "latin1") };
  });

/** Bodies that people and programs wrote, with the fields that say how to read them. */
const real = () =>
  corpus()
    .filter((_, n) => n % 40 === 7)
    .map(({ name, raw }) => {
      const text = raw.toString("latin1");
      const end = text.indexOf("\r\n\r\n");
      const mime = text
        .slice(0, end + 2)
        .split(/(?<=\r\n)(?![ \t])/)
        .filter((field) => /^(?:mime-version|content-[a-z-]+|subject|date|message-id|list-[a-z]+):/i.test(field));
      return { name, raw: Buffer.from(AUTHOR + mime.join("") + text.slice(end + 2), "latin1") };
    });
