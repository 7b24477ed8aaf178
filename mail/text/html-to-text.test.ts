import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { htmlToText } from "./html-to-text.ts";

describe("text of HTML", () => {
  it.each([
    ["<p>Hello <b>wor</b>ld</p><p>again</p>", "Hello world\n\nagain"],
    ["a<br>b<br/>c<BR >d", "a\nb\nc\nd"],
    ["a<br><br><br>b", "a\n\nb"],
    ["<div>a</div><div>b<div>c</div></div>", "a\nb\nc"],
    ["  many \n\t blanks&nbsp;&nbsp;here ", "many blanks here"],
    ["<h1>Title</h1>text", "Title\n\ntext"],
    ["<ul><li>one</li><li>two<ul><li>deep</ul></ul>after", "- one\n- two\n\n- deep\n\nafter"],
    ["<table><tr><td>a<td>b</tr><tr><th>c</th><th>d</th></tr></table>", "a b\nc d"],
    ['<a href="https://x.test/">link</a>', "link"],
    ["<img src=x alt=\"A &amp; B\"><img alt='c'><img alt=d/><img>", "A & Bcd/"],
    ["<pre>a  b\n  c\n\n\nd</pre>e", "a  b\n  c\n\nd\n\ne"],
    [
      "before<blockquote>quoted<br>more<blockquote>deep</blockquote></blockquote>after",
      "before\n\n> quoted\n> more\n\n>> deep\n\nafter",
    ],
    ["<title>T</title><style>p{}</style><script>x<y</script>kept<noscript>shown</noscript>", "keptshown"],
    ["<STYLE>p{}</style >kept", "kept"],
    ["<script>a</script><script>b</script>kept", "kept"],
    ["a<!-- <p>no</p> -->b<!---->c<!-->d", "abcd"],
    ["<!DOCTYPE html><?xml version='1.0'?><html><body>x</body></html>", "x"],
    ["<!--[if mso]><p>outlook</p><![endif]--><![if !mso]>others<![endif]>", "others"],
    ["1 < 2 and 3 > 2 <3", "1 < 2 and 3 > 2 <3"],
    ["<p title=\"a > b\" class='>'>x</p>", "x"],
    ["<o:p>office</o:p><my-tag>own</my-tag>", "officeown"],
    ["<div style='display:none'>preheader</div>Hello", "preheader\nHello"],
    ["", ""],
  ])("%s is %j", (html, text) => {
    expect(htmlToText(html)).toBe(text);
  });

  it.each([
    ["&lt;b&gt; &amp;amp; &quot;&apos;&#39;", "<b> &amp; \"''"],
    ["&euro; &hellip; &mdash; &rsquo; &copy; &Uuml; &#8364; &#x20AC; &#X1F600;", "€ … — ’ © Ü € € \u{1f600}"],
    ["&copy 2024 &nbsp x &eacute", "© 2024 x é"],
    ["&hellip &nosuch; &; & &# &#; &#x;", "&hellip &nosuch; &; & &# &#; &#x;"],
    ["&#128; &#150; &#0; &#xD800; &#x110000; &#99999999;", "€ – � � � �"],
    ["&lambda;&Omega;&zcaron;&Lstrok;&rarr;&check;", "λΩžŁ→✓"],
  ])("has the references of %s as %j", (html, text) => {
    expect(htmlToText(html)).toBe(text);
  });

  it.each([
    ["hello <b unclosed", "hello <b unclosed"],
    ['hello <a href="x>lost?</a> more', "hello lost? more"],
    ["hello <!-- unclosed", "hello <!-- unclosed"],
    ["<p>a</p><!-- unclosed <p>b</p>", "a\n\nb"],
    ["<style>p{}<p>kept</p>", "p{}\n\nkept"],
    ["<script>x<p>kept</p>", "x\n\nkept"],
    ["<title>kept", "kept"],
    ["</p></div></blockquote>kept", "kept"],
    ["<", "<"],
    ["a<", "a<"],
    ["</", "</"],
    ["</>x", "</>x"],
    [`<a title="${"x".repeat(20_000)}>far</a> near`, "far near"],
  ])("is not lost in %j", (html, text) => {
    expect(htmlToText(html)).toBe(text);
  });

  it("has an end", () => {
    expect(htmlToText("<p>word</p>".repeat(1000), 100)).toHaveLength(100);
    expect(htmlToText("word ".repeat(1_000_000))).toHaveLength(1024 * 1024);
  });

  it("has all the words that stand between well-formed tags", () => {
    const word = fc.stringMatching(/^[a-z]{1,8}$/);
    const tag = fc.constantFrom("p", "b", "div", "td", "li", "a href='x>y'", "br", "blockquote", "pre");
    fc.assert(
      fc.property(fc.array(fc.tuple(tag, word), { maxLength: 20 }), (pieces) => {
        const html = pieces.map(([name, text]) => `<${name}> ${text} </${name.split(" ")[0]}>`).join("");
        expect(htmlToText(html).match(/[a-z]+/g) ?? []).toEqual(pieces.map(([, text]) => text));
      }),
      { numRuns: 500, seed: 14 },
    );
  });

  it("of any input is text, in time", () => {
    const piece = fc.constantFrom(
      "<",
      ">",
      "</",
      "<!--",
      "-->",
      "<a ",
      "href=",
      '"',
      "'",
      "=",
      "&",
      "&amp",
      ";",
      "<style",
      "</style>",
      "x",
      " ",
      "\n",
      "<pre>",
      "<li>",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        expect(htmlToText(pieces.join("")).isWellFormed()).toBe(true);
      }),
      { numRuns: 2000, seed: 15 },
    );
    for (const unit of [
      "<",
      "<a ",
      "<a b='",
      "<!--",
      "<style>",
      '<a b=">',
      "&#x",
      "<pre>\n",
      "<blockquote>",
      "</p>",
      '="<',
      "<a b=\"'>",
    ]) {
      const start = performance.now();
      htmlToText(unit.repeat(Math.ceil(1_000_000 / unit.length)));
      expect([unit, performance.now() - start < 15_000]).toEqual([unit, true]);
    }
  });
});
