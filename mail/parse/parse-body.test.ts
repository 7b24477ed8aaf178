import { describe, expect, it } from "vitest";
import { bytes, raw } from "./fixtures/raw.ts";
import { parseMessage } from "./parse-message.ts";

async function text(contentType: string, body: string, encoding = "8bit") {
  const message = await parseMessage(
    bytes(`Subject: x\r\nContent-Type: ${contentType}\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n${body}`),
  );
  return message.text;
}

describe("the charset", () => {
  it.each([
    ["text/plain; charset=utf-8", "Gr%%C3%%B6%%C3%%9Fe", "Größe"],
    ["text/plain; charset=iso-8859-1", "Gr%%F6%%DFe", "Größe"],
    ["text/plain; charset=ISO8859-15", "%%A4", "€"],
    ["text/plain; charset=iso-8859-8-i", "%%F9%%EC%%E5%%ED", "שלום"],
    ["text/plain; charset=windows-1251", "%%CF%%F0%%E8%%E2%%E5%%F2", "Привет"],
    ["text/plain; charset=cp-1251", "%%CF%%F0%%E8%%E2%%E5%%F2", "Привет"],
    ["text/plain; charset=koi8-r", "%%F0%%D2%%C9%%D7%%C5%%D4", "Привет"],
    ["text/plain; charset=Shift_JIS", "%%93%%FA%%96%%7B", "日本"],
    ["text/plain; charset=x-cp932", "%%93%%FA%%96%%7B", "日本"],
    ["text/plain; charset=gb2312", "%%D6%%D0%%CE%%C4", "中文"],
    ["text/plain; charset=cp936", "%%D6%%D0%%CE%%C4", "中文"],
    ["text/plain; charset=big5", "%%A4%%A4%%A4%%E5", "中文"],
    ["text/plain; charset=euc-kr", "%%C7%%D1%%B1%%DB", "한글"],
    ["text/plain; charset=iso-2022-jp", "\u001b$BF|K\\\u001b(B", "日本"],
    ["text/plain; charset=iso-2022-kr", "\u001b$)C\u000eGQ1[\u000f", "한글"],
    ["text/plain; charset=hz-gb-2312", "~{VPND~} ok", "中文 ok"],
    ["text/plain; charset=utf-7", "Hi +ZeVnLA- +- +2D3eAA-", "Hi 日本 + \u{1f600}"],
    ["text/plain; charset=utf-16le", "H%%00%%E9%%00", "Hé"],
    ["text/plain; charset=utf-16", "plain all the same", "plain all the same"],
    ["text/plain", "Gr%%C3%%B6%%C3%%9Fe", "Größe"],
    ["text/plain", "Gr%%F6%%DFe", "Größe"],
    ["text/plain; charset=us-ascii", "Gr%%C3%%B6%%C3%%9Fe", "Größe"],
    ["text/plain; charset=us-ascii", "Gr%%F6%%DFe", "Größe"],
    ["text/plain; charset=no-such-charset", "Gr%%C3%%B6%%C3%%9Fe", "Größe"],
    ["text/plain; charset=no-such-charset", "Gr%%F6%%DFe", "Größe"],
    ["text/plain; charset=utf-8", "Gr%%F6%%DFe", "Größe"],
    ["text/plain; charset=utf-8", "Gr%%C3%%B6%%C3%%9Fe und %%C3", "Größe und �"],
    ["text/plain; charset=utf-8", "%%EF%%BB%%BFbom", "bom"],
    ["text/plain; charset==", "x", "x"],
    [`text/plain; charset=${"a".repeat(5000)}`, "x", "x"],
  ])("%s of %s reads as %s", async (contentType, body, expected) => {
    expect(await text(contentType, body)).toBe(expected);
  });

  it("may be named by the HTML itself", async () => {
    const message = await parseMessage(
      bytes('Subject: x\r\nContent-Type: text/html\r\n\r\n<meta charset="koi8-r"><p>%%F0%%D2%%C9%%D7%%C5%%D4</p>'),
    );
    expect(message.text).toBe("Привет");
  });

  it("is undone after the transfer encoding", async () => {
    expect(await text("text/plain; charset=utf-8", "R3LDtsOfZQ==", "base64")).toBe("Größe");
    expect(await text("text/plain; charset=windows-1252", "Gr=F6=DFe =80", "quoted-printable")).toBe("Größe €");
  });
});

describe("text", () => {
  it("has no control characters and one kind of line end", async () => {
    expect(await text("text/plain", "a\u0000b\r\nc\rd\ne\u001b[31m\tf%%C2%%85")).toBe("ab\nc\nd\ne[31m\tf");
  });

  it("with format=flowed has its paragraphs again", async () => {
    const body = "one \r\ntwo\r\n> q1 \r\n> q2\r\n>> deep\r\n stuffed\r\n-- \r\nAnn";
    expect(await text("text/plain; format=flowed", body)).toBe("one two\n> q1 q2\n>> deep\nstuffed\n-- \nAnn");
    expect(await text("text/plain; format=Flowed; DelSp=Yes", "日 \r\n本")).toBe("日本");
  });

  it("comes from the HTML when there is no other, or only blanks", async () => {
    expect(await text("text/html", "<style>p{}</style><p>Hello <b>there</b></p><p>Ann</p>")).toBe("Hello there\n\nAnn");
    const message = await parseMessage(
      raw(
        "Content-Type: multipart/alternative; boundary=b",
        "",
        "--b",
        "",
        "   ",
        "--b",
        "Content-Type: text/html",
        "",
        "<p>Hello</p>",
        "--b--",
      ),
    );
    expect(message.text).toBe("Hello");
    expect(message.html).toBe("<p>Hello</p>");
  });

  it("is one representation of each alternative, and everything beside them", async () => {
    const message = await parseMessage(
      raw(
        "Content-Type: multipart/mixed; boundary=m",
        "",
        "--m",
        "Content-Type: multipart/alternative; boundary=a",
        "",
        "--a",
        "",
        "plain",
        "--a",
        "Content-Type: multipart/related; boundary=r",
        "",
        "--r",
        "Content-Type: text/html",
        "",
        "<p>rich</p>",
        "--r",
        "Content-Type: image/png",
        "Content-ID: <i@x>",
        "",
        "png",
        "--r--",
        "--a--",
        "--m",
        "",
        "list <footer>",
        "--m--",
        "epilogue",
      ),
    );
    expect(message.text).toBe("plain\nlist <footer>");
    expect(message.html).toBe("<p>rich</p>\n<div>list &lt;footer&gt;</div>");
    expect(message.attachments).toMatchObject([
      { content_type: "image/png", disposition: "inline", content_id: "i@x" },
    ]);
  });

  it("that is endless is cut, with a note", async () => {
    const message = await parseMessage(raw("Subject: x", "", "é".repeat(2_000_000)));
    expect(message.text).toHaveLength(1024 * 1024);
    expect(message.parse_note).toBe(
      "This message could not be parsed in full: its text is too long to be shown whole. The original has everything.",
    );
  });
});
