import { describe, expect, it } from "vitest";
import { misleadingLink, readHtmlSigns } from "./html-signs.ts";
import { wordsVerdict } from "./screened.test-support.ts";
import { GTUBE } from "./text.ts";

describe("words", () => {
  const link = (href: string, shown: string) => `<p><a href="${href}">${shown}</a></p>`;
  const BANK = "https://evil.example/login";

  it("that are the test line of spam filters are refused, wherever they are", () => {
    expect(wordsVerdict({ text: `Hi\n${GTUBE}\n` })).toEqual([true, "text test_spam"]);
    expect(wordsVerdict({ html: `<p>${GTUBE}</p>` })).toEqual([true, "html test_spam"]);
    expect(wordsVerdict({ subject: GTUBE })).toEqual([true, "subject test_spam"]);
  });

  it.each([
    ["a tab in its scheme", '<a href="ht\ttps://evil.example/">www.bank.com</a>'],
    ["no scheme", '<a href="//evil.example/">www.bank.com</a>'],
    ["a base", '<base href="https://evil.example/"><a href="/x">www.bank.com</a>'],
    ["no blank before its address", '<a title="x"href="https://evil.example/">www.bank.com</a>'],
    ["a slash before its address", "<a/href=https://evil.example/>www.bank.com</a>"],
    [
      "an address in the value of something else",
      '<a title=" href=https://www.bank.com/ " href="https://evil.example/">www.bank.com</a>',
    ],
    ["dots of another script", '<a href="https://evil.example/">www\u3002bank\u3002com</a>'],
    ["wide letters", '<a href="https://evil.example/">ｗｗｗ.ｂａｎｋ.ｃｏｍ</a>'],
    ["brackets", '<a href="https://evil.example/">(www.bank.com)</a>'],
    ["quotes", '<a href="https://evil.example/">&laquo;www.bank.com&raquo;.</a>'],
  ])("show a link for what it is, with %s", (_what, html) => {
    expect(misleadingLink(readHtmlSigns(html))).toEqual({ shown: "www.bank.com", host: "evil.example" });
  });

  it.each(['<img/onerror="x()">', '<img alt="x"onerror=x()>', "<a href='java\nscript:x()'>x</a>"])(
    "have a script in %s",
    (html) => expect(readHtmlSigns(html).hasScript).toBe(true),
  );
  it.each(['<img alt=" onerror=x()">', "<p title='javascript:x()'>x</p>"])("have none in %s", (html) =>
    expect(readHtmlSigns(html).hasScript).toBe(false),
  );

  it("with one sign of fraud pass, and with a form for a password beside another they are refused", () => {
    const from = { name: "service@bank.example", email: "alice@mesh.test" };
    const form = "<form><input name=p type='PassWord'></form>";
    expect(wordsVerdict({ html: link(BANK, "www.bank.com") })).toEqual([false, "html misleading_link"]);
    expect(wordsVerdict({ html: form })).toEqual([false, "html password_form"]);
    expect(wordsVerdict({ from })).toEqual([false, "from name_is_other_address"]);
    expect(wordsVerdict({ html: link(BANK, "www.bank.com") + form })[0]).toBe(true);
    expect(wordsVerdict({ from, html: form })[0]).toBe(true);
    expect(wordsVerdict({ from, html: link(BANK, "www.bank.com") })[0]).toBe(false);
  });

  it.each([
    [BANK, "https://bank.com/login", "bank.com"],
    [BANK, "<b>bank</b>.com", "bank.com"],
    [BANK, "&#119;ww.bank.com", "www.bank.com"],
    ["http://192.0.2.7/x", "bank.com", "bank.com"],
    ["https://bank.com@evil.example/", "bank.com", "bank.com"],
  ])("a link to %s that shows %s misleads", (href, shown, host) => {
    expect(misleadingLink(readHtmlSigns(link(href, shown)))?.shown).toBe(host);
  });

  it.each([
    link(BANK, "\u202emoc.knab.www\u202c"),
    link(BANK, "Log in at &#8238;moc.knab.www"),
    link(BANK, "&#x202D;x"),
    link(BANK, "<bdo dir=rtl>moc.knab.www</bdo>"),
    `<BDO DIR="rtl">${link(BANK, "moc.knab.www")}</bdo>`,
    `\u202e<b><a href="${BANK}">moc.knab.www</a></b>`,
    link(BANK, "\u202b\u202emoc.knab.www"),
  ])("a link that shows its text backwards misleads: %s", (html) => {
    const evil = { shown: "its text backwards", host: "evil.example" };
    expect(misleadingLink(readHtmlSigns(html))).toEqual(evil);
  });

  it.each([
    `<p>\u202eabc</p>${link(BANK, "Log in")}`,
    `\u202eabc\u202c <a href="${BANK}">Log in</a>`,
    `<p dir=rtl>${link(BANK, "שלום \u202bעולם\u202c")}</p>`,
    link(BANK, "\u200f\u2067שלום\u2069"),
    `<bdo dir=rtl>abc</bdo></bdo>${link(BANK, "Log in")}`,
    `<bdo dir=rtl><a href="${BANK}"> </a></bdo>`,
  ])("a link beside such text, or in a language of that direction, is innocent: %s", (html) => {
    expect(misleadingLink(readHtmlSigns(html))).toBe(null);
  });

  it.each([
    [BANK, "Log in"],
    [BANK, "README.md"],
    ["https://www.bank.com/x", "bank.com"],
    ["https://click.bank.com/x", "https://www.bank.com"],
    ["mailto:a@bank.com", "a@bank.com"],
    ["#top", "bank.com"],
    ["", "bank.com"],
  ])("a link to %j that shows %j is innocent", (href, shown) => {
    expect(misleadingLink(readHtmlSigns(link(href, shown)))).toBe(null);
  });

  it("a name with an address of the sender's own domain is innocent", () => {
    expect(wordsVerdict({ from: { name: "alice@mesh.test", email: "alice@mail.mesh.test" } })).toEqual([false]);
  });
});
