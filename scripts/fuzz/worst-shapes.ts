/** Messages of the greatest size in the worst shapes that we know, made to cost their reader the most. */
import { MAX_MESSAGE_BYTES } from "../../contract/limits.ts";

const HEAD = "From: Zoe <zoe@far.example>\r\nTo: fuzz@mesh.test\r\n";

/** Each a name and a maker: twenty of them at once would be half a gigabyte. */
export const WORST_SHAPES: [name: string, make: () => Buffer][] = [
  ["plain text of short lines", () => filled("\r\n", "word one\r\n")],
  ["plain text of one line", () => filled("\r\n", "a")],
  ["empty lines", () => filled("\r\n", "\r\n")],
  ["bare line feeds", () => filled("\n\n", "\n")],
  ["8-bit text without a charset", () => filled("\r\n", "\xe4\xf6\xfc ")],
  ["iso-2022-jp escapes", () => filled(typed("text/plain; charset=iso-2022-jp"), '\x1b$B$"\x1b(B')],
  ["utf-16 as text", () => filled(typed("text/plain; charset=utf-16le"), "a\0\r\0\n\0")],
  ["quoted-printable soft breaks", () => filled(typed("text/plain", "quoted-printable"), "=\r\n")],
  ["quoted-printable octets", () => filled(typed("text/html", "quoted-printable"), "=3C=62=3E")],
  ["HTML nested without end", () => filled(typed("text/html"), "<div>")],
  ["HTML of attributes", () => filled(`${typed("text/html")}<p `, 'a="b" ')],
  ["HTML of open angle brackets", () => filled(typed("text/html"), "<")],
  ["HTML of entities", () => filled(typed("text/html"), "&amp;")],
  ["HTML of links", () => filled(typed("text/html"), '<a href="http://x.example/">y.example</a> ')],
  ["HTML of styles", () => filled(`${typed("text/html")}<style>`, "a{color:red;b:url(x)}")],
  ["HTML of comments", () => filled(typed("text/html"), "<!--x-->")],
  ["HTML tables", () => filled(typed("text/html"), "<table><tr><td>x")],
  [
    "base64 text",
    () => filled(typed("text/plain", "base64"), "d29yZCB3b3JkIHdvcmQgd29yZCB3b3JkIHdvcmQgd29yZCB3b3Jk\r\n"),
  ],
  ["base64 attachment", () => filled(typed("application/octet-stream", "base64"), "AAAA".repeat(19).concat("\r\n"))],
  ["one subject", () => filled("Subject: ", "word ", "\r\n\r\nbody\r\n")],
  ["one subject of encoded words", () => filled("Subject: ", "=?utf-8?q?=41?=\r\n ", "\r\n\r\nbody\r\n")],
  ["header fields", () => filled("", "X-A: b\r\n", "\r\nbody\r\n")],
  ["recipients", () => filled("Cc: ", "a@b.example,\r\n ", "c@d.example\r\n\r\nbody\r\n")],
  ["references", () => filled("References: ", "<a@b>\r\n ", "\r\n\r\nbody\r\n")],
  ["parts", () => filled(`${typed("multipart/mixed; boundary=b")}`, "--b\r\n\r\nx\r\n")],
  ["lines of dashes", () => filled(`${typed("multipart/mixed; boundary=b")}--b\r\n\r\n`, "--\r\n")],
  ["boundaries of others", () => filled(`${typed("multipart/mixed; boundary=b")}--b\r\n\r\n`, "--c\r\n")],
  ["fields that resending changes", () => filled("", "ARC-Seal: x\r\n", "\r\nbody\r\n")],
  ["fields of date", () => filled("", "Date: x\r\n", "\r\nbody\r\n")],
  ["nested parts", nestedParts],
  [
    "attachments with names",
    () =>
      filled(
        typed("multipart/mixed; boundary=b"),
        "--b\r\nContent-Disposition: attachment; filename=a.zip\r\n\r\nPK\x03\x04\r\n",
      ),
  ],
  ["messages in messages", () => filled("", "Content-Type: message/rfc822\r\n\r\n", "From: a@b.example\r\n\r\nx\r\n")],
  ["unfinished boundaries", () => filled(typed("multipart/mixed; boundary=b"), "--b--\r\n--b\r\n")],
];

function typed(type: string, encoding?: string): string {
  const transfer = encoding === undefined ? "" : `Content-Transfer-Encoding: ${encoding}\r\n`;
  return `MIME-Version: 1.0\r\nContent-Type: ${type}\r\n${transfer}\r\n`;
}

/** The beginning, then the same again and again up to the greatest size. */
function filled(beginning: string, again: string, end = ""): Buffer {
  const first = Buffer.from(HEAD + beginning, "latin1");
  const last = Buffer.from(end, "latin1");
  const unit = Buffer.from(again, "latin1");
  const bytes = Buffer.alloc(MAX_MESSAGE_BYTES - 2);
  bytes.fill(unit, first.length);
  first.copy(bytes);
  last.copy(bytes, bytes.length - last.length);
  return Buffer.concat([bytes, Buffer.from("\r\n")]);
}

function nestedParts(): Buffer {
  const parts: string[] = [];
  let size = HEAD.length;
  for (let n = 0; size < MAX_MESSAGE_BYTES - 200; n++) {
    const part = `Content-Type: multipart/mixed; boundary=b${n}\r\n\r\n--b${n}\r\n`;
    parts.push(part);
    size += part.length;
  }
  return Buffer.from(`${HEAD}${parts.join("").slice(0, MAX_MESSAGE_BYTES - HEAD.length - 2)}\r\n`, "latin1");
}
