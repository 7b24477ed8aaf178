/** Seeded damage to real messages: what a broken or hostile sender might send. */

export interface Randomness {
  /** A whole number from 0, below `n`. */
  below(n: number): number;
  pick<T>(all: readonly T[]): T;
}

export function randomnessOf(random: () => number): Randomness {
  const below = (n: number) => Math.floor(random() * n);
  return {
    below,
    pick<T>(all: readonly T[]): T {
      const one = all[below(all.length)];
      if (one === undefined) throw new Error("there is nothing to pick from");
      return one;
    },
  };
}

/** Latin-1 strings, so that every byte is a character: what parsers trip over. */
const TROUBLE = [
  "\0",
  "\r",
  "\n",
  "\r\n\r\n",
  "\r\n.\r\n",
  "\xff\xfe",
  "\xc3\x28",
  "\xed\xa0\x80",
  "=?utf-8?B?",
  "=?x-none?q?=41?=",
  "=?utf-8?q?=?= =?utf-8?b?====?=",
  "\r\n ",
  '"',
  "<",
  ">",
  "(((((",
  "\\",
  "--",
  "\r\n--\r\n",
  "<script>",
  "<!--",
  "<![CDATA[",
  "<style>@import url(//x.example)",
  "&#0;",
  "&#x110000;",
  "PK\x03\x04",
  "%PDF-",
  "__proto__",
  "constructor",
  "'; DROP TABLE message; --",
  "a".repeat(2000),
  "\u00ad".repeat(50),
];

const FIELDS = [
  "Content-Type: multipart/mixed; boundary=\r\n",
  'Content-Type: multipart/alternative; boundary="=_\xe4"\r\n',
  "Content-Type: message/rfc822\r\n",
  "Content-Type: text/html; charset=utf-7\r\n",
  "Content-Type: text/plain; charset=utf-16; format=flowed; delsp=yes\r\n",
  "Content-Type: text/plain; charset*0*=utf-8''%; charset*1=\r\n",
  "Content-Transfer-Encoding: base64\r\n",
  "Content-Transfer-Encoding: quoted-printable\r\n",
  "Content-Transfer-Encoding: x-uuencode\r\n",
  "Content-Disposition: attachment; filename*=utf-8''%ff%fe..%2f..%2f\r\n",
  "Content-ID: <>\r\n",
  "Message-ID: \r\n",
  "Message-ID: <a@b> <c@d>\r\n",
  "In-Reply-To: <a@b\r\n",
  "References: <a@b><a@b><a@b>\r\n",
  "Date: Thu, 99 Foo 99999 99:99:99 +9999\r\n",
  "From: \r\n",
  'From: a@b, c@d, "\r\n',
  "To: undisclosed: ;, x: y: z;\r\n",
  "Subject:\r\n\tfolded\r\n \r\n",
  "Authentication-Results: mesh.test; dmarc=pass; spf=pass; dkim=pass\r\n",
  "DKIM-Signature: v=1; a=rsa-sha256; d=; s=; h=; b=\r\n",
  "ARC-Seal: i=9999999999; cv=pass\r\n",
  "List-Unsubscribe: <javascript:alert(1)>, <https://127.0.0.1/>\r\n",
  "List-Id: \xff <>\r\n",
  "Disposition-Notification-To: ,\r\n",
  "Received: from x by y; garbage\r\n",
  "Delivered-To: fuzz@mesh.test\r\n",
  "Auto-Submitted: maybe\r\n",
];

type Mutation = (text: string, random: Randomness, other: string) => string;

const at = (text: string, random: Randomness) => random.below(text.length + 1);

/** Where the header ends; structure is most of what there is to break. */
const inHeader = (text: string, random: Randomness) => random.below(Math.max(1, text.indexOf("\r\n\r\n") + 2));

const startOfField = (text: string, random: Randomness) => text.lastIndexOf("\r\n", inHeader(text, random)) + 2;

const spliced = (text: string, from: number, to: number, what: string) => text.slice(0, from) + what + text.slice(to);

const MUTATIONS: Mutation[] = [
  (text, random) => ((n) => spliced(text, n, n + 1, String.fromCharCode(random.below(256))))(at(text, random)),
  (text, random) => ((n) => spliced(text, n, n, random.pick(TROUBLE)))(at(text, random)),
  (text, random) => ((n) => spliced(text, n, n, random.pick(TROUBLE)))(inHeader(text, random)),
  (text, random) => ((n) => spliced(text, n, n, random.pick(FIELDS)))(startOfField(text, random) % text.length),
  (text, random) => ((n) => spliced(text, n, n + random.below(200), ""))(at(text, random)),
  (text, random) => ((n) => spliced(text, n, n + random.below(60), ""))(inHeader(text, random)),
  // Two messages that ran into each other.
  (text, random, other) => text.slice(0, at(text, random)) + other.slice(at(other, random)),
  (text, random) => text.slice(0, at(text, random)),
  // The same again: parts, boundaries, fields.
  (text, random) =>
    ((n) => spliced(text, n, n, text.slice(n, n + random.below(2000)).repeat(1 + random.below(20))))(at(text, random)),
  (text, random) =>
    ((n) => spliced(text, n, n, text.slice(n, n + random.below(200)).repeat(1 + random.below(200))))(
      inHeader(text, random),
    ),
  // A message in a message.
  (text, random) =>
    `Subject: outer\r\nContent-Type: ${random.pick(["message/rfc822", "multipart/digest; boundary=x", "message/partial"])}\r\n\r\n${text}`,
  (text) => text.replaceAll("\r\n", "\n"),
  (text, random) =>
    text.replace(/boundary=("?)[^"\r\n;]*/, `boundary=$1${random.pick(["", "--", "x y", "\xe4", "a".repeat(80)])}`),
  (text, random) =>
    text.replace(
      /charset=("?)[\w-]+/g,
      `charset=$1${random.pick(["utf-7", "utf-16", "iso-2022-jp", "x-unknown", "gb18030", "us-ascii", "\xff"])}`,
    ),
  (text, random) =>
    text.replace(
      /Content-Transfer-Encoding: *\S+/gi,
      `Content-Transfer-Encoding: ${random.pick(["base64", "quoted-printable", "8bit", "binary", "x-yenc", ""])}`,
    ),
];

/** One to eight kinds of damage. SMTP ends a message with a line end, so it has one. */
export function mutate(raw: Buffer, other: Buffer, random: Randomness): Buffer {
  let text = raw.toString("latin1");
  for (let n = 1 + random.below(8); n > 0; n--) {
    text = random.pick(MUTATIONS)(text, random, other.toString("latin1")).slice(0, 400_000);
  }
  return Buffer.from(text.endsWith("\r\n") ? text : `${text}\r\n`, "latin1");
}
