import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ATTACKS, attackNumber } from "../../tests/html-attacks/attacks.ts";
import { complaintsOf } from "../../tests/html-attacks/inspect.ts";
import { restoreImages } from "./restore-images.ts";
import { sanitiseHtml } from "./sanitise-html.ts";

const proxied = (address: string) =>
  `/v1/proxy/image?signature=a-b_c&url=${encodeURIComponent(address).replaceAll(/['()*!]/g, "")}`;

const safe = (html: string, options = {}): string => {
  const made = sanitiseHtml(html, options);
  return made.ok ? made.value.html : made.error.reason;
};

/** Made safe, it stays as it is, and a parser reads it as it was written. */
function holds(html: string): void {
  const made = safe(html);
  expect(complaintsOf(made)).toEqual([]);
  expect(complaintsOf(safe(html, { proxied }))).toEqual([]);
  expect(safe(made)).toBe(made);
  expect(safe(restoreImages(made))).toBe(made);
  expect(safe(restoreImages(safe(html, { proxied })))).toBe(made);
}

describe("hostile HTML", () => {
  it("comes in more than two hundred ways", () => {
    expect(new Set(ATTACKS).size).toBe(ATTACKS.length);
    expect(ATTACKS.length).toBeGreaterThan(200);
  });
  it.each(ATTACKS.map((attack, n) => [n, attack.slice(0, 90)]))("%d is made safe: %s", (n) =>
    holds(attackNumber(Number(n))),
  );
  it("is complained about as it came", () => {
    const unseen = ATTACKS.filter((_, n) => complaintsOf(attackNumber(n)).length === 0);
    expect(unseen.length).toBeLessThan(ATTACKS.length / 10);
  });
});

/** Tags, attributes and half of either, in any order. */
const TAGS =
  `p div b a i table tr td th tbody caption colgroup col select option form input button svg math mtext mi mglyph
  malignmark annotation-xml foreignObject desc title style script noscript template textarea xmp plaintext listing pre
  iframe noembed noframes frameset img image br hr h1 h6 font nobr ul li dl dd dt body html head meta base ruby rt rtc
  picture source map area details summary video object center o:p x-y`.split(/\s+/);
const ATTRIBUTES = [
  ...["href='javascript:alert(1)'", "href=https://far.example/?a=b&c=d", "href=#here", "id=a", "name=a", "class='a b'"],
  ...["src=https://far.example/a(1).png", "src=cid:a@b", "srcset='//far.example/a,b.png 2x, c'", "onerror=alert(1)"],
  ...[
    "style='color:red;background:url(//far.example/a)'",
    "style=\"font:1px 'a&quot;b'\"",
    "background=//far.example/b",
  ],
  ...[
    "title='</style><img src=x onerror=alert(1)>'",
    "encoding=text/html",
    "type=text/css",
    "media='(width<9px)'",
    "dir=rtl",
  ],
];
const CSS = [
  ...["a{color:red}", "@media print{", "}", "@import url(x);", "p{background:url(https://far.example/a.png)", "{", ";"],
  ...[
    "#a>.b\\:c[d='e']{",
    "content:'\\27\\3c/style>'",
    "/*",
    "*/",
    "<!--",
    "-->",
    "\\",
    "'",
    '"',
    "(",
    ")",
    "url(",
    "\\75rl(",
  ],
];
const piece = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .tuple(fc.constantFrom(...TAGS), fc.array(fc.constantFrom(...ATTRIBUTES), { maxLength: 3 }))
      .map(([tag, attributes]) => `<${[tag, ...attributes].join(" ")}>`),
  },
  { weight: 4, arbitrary: fc.constantFrom(...TAGS).map((tag) => `</${tag}>`) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      ...[
        "<!--",
        "-->",
        "<![CDATA[",
        "]]>",
        "<!",
        "<?",
        "</",
        "<",
        ">",
        "&lt;",
        "&amp;",
        "&",
        "\n",
        "\0",
        '"',
        "'",
        "=",
        "<!DOCTYPE html>",
      ],
    ),
  },
  { weight: 2, arbitrary: fc.constantFrom(...CSS) },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 8 }) },
);
const html = fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join(""));

describe("any HTML", () => {
  it("is made safe, and a parser reads what was written as it was written", () => {
    fc.assert(fc.property(html, holds), { numRuns: 1500 });
  });

  it("and any style is made safe", () => {
    const css = fc.array(fc.oneof(fc.constantFrom(...CSS), fc.string({ maxLength: 4 })), { maxLength: 20 });
    fc.assert(
      fc.property(css, (pieces) => holds(`<style>${pieces.join("")}</style><p style="${pieces.join("")}">`)),
      { numRuns: 1000 },
    );
  });

  it("is worked on no longer for its shape than for its length", () => {
    const many = 300_000;
    const fonts = Array.from({ length: 200 }, (_, n) => `<font size=${n}>`).join("");
    const shapes = {
      html_too_deep: ["<div>".repeat(many), "<b>".repeat(many), `${"<table><tr><td>".repeat(9_000)}`],
      html_too_large: [
        "<br>".repeat(many),
        `<p>${fonts}</p>${"<p>x</p>".repeat(50_000)}`,
        `<style>${"a{color:red}".repeat(60_000)}</style>`,
      ],
      html_too_long: ["x".repeat(3_000_000), `<a ${"a ".repeat(2_000_000)}>`],
    };
    for (const [reason, all] of Object.entries(shapes)) {
      for (const shape of all)
        expect(`${shape.slice(0, 20)} ${safe(shape)}`.slice(0, 60)).toBe(`${shape.slice(0, 20)} ${reason}`);
    }
    // And what is only long is shown.
    expect(safe(`<p>${"word ".repeat(200_000)}</p>`).length).toBeGreaterThan(1_000_000);
    expect(safe(`<style>${"a{(".repeat(100_000)}</style><p style="${"(".repeat(100_000)}">x`)).toBe("<p>x</p>");
  });
});

describe("what newsletters need", () => {
  it.each([
    [
      "<center><font color=red face=Arial>x</font></center>",
      '<center><font color="red" face="Arial">x</font></center>',
    ],
    [
      '<table width=600 cellpadding=0 bgcolor="#fff"><tr><td align=center valign=top nowrap>x</table>',
      '<table width="600" cellpadding="0" bgcolor="#fff"><tbody><tr><td align="center" valign="top" nowrap="">x</td></tr></tbody></table>',
    ],
    [
      '<a href="mailto:a@b.example?subject=c">x</a>',
      '<a href="mailto:a@b.example?subject=c" target="_blank" rel="noopener noreferrer nofollow">x</a>',
    ],
    ['<a href="#top">x</a><a name="top"></a>', '<a href="#mail-top">x</a><a name="mail-top"></a>'],
    ["<p>a<o:p>&nbsp;</o:p>b</p>", "<p>a&nbsp;b</p>"],
    [
      '<base href="https://far.example/news/"><img src="a.png"><a href="b">x</a>',
      '<img src="data:text/x-remote-image,https://far.example/news/a.png"><a href="https://far.example/news/b" target="_blank" rel="noopener noreferrer nofollow">x</a>',
    ],
    ["<noscript><p>x</p></noscript>", "<p>x</p>"],
    [
      "<p style=\"mso-line-height-rule:exactly;line-height:20px;font-family:'Segoe UI',Arial\">x</p>",
      "<p style=\"mso-line-height-rule: exactly; line-height: 20px; font-family: 'Segoe UI',Arial\">x</p>",
    ],
  ])("%s", (html, expected) => expect(safe(html)).toBe(expected));

  it("is kept of style sheets", () => {
    const css = [
      "#outlook a { padding: 0 }",
      ".sm\\:w-full, u + .body .a > b:first-child { width: 100% !important }",
      "@media only screen and (max-width: 600px) { .col { display: block !important; width: calc(100% - 20px) } }",
      "@media (prefers-color-scheme: dark) { body { background-color: #111 } [data-ogsc] .x { color: rgb(1, 2, 3) } }",
    ];
    expect(safe(`<style>${css.join("")}</style>x`).replaceAll(/\s+/g, " ")).toBe(
      `<html><head><style>${css.join(" ").replace("#outlook", "#mail-outlook").replace("\\:", "\\3a ")}</style></head><body>x</body></html>`,
    );
  });

  it("is the layout mode of its doctype", () => {
    const strict = "<!DOCTYPE html><html><head></head><body>x</body></html>";
    expect(safe(strict)).toBe(strict);
    expect(
      safe('<!DOCTYPE html PUBLIC "-//W3C//DTD HTML 4.01 Transitional//EN" "http://www.w3.org/TR/html4/loose.dtd">x'),
    ).toMatch(/^<!DOCTYPE html PUBLIC "-\/\/W3C\/\/DTD XHTML 1.0 Transitional/);
    expect(safe('<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 3.2//EN">x')).toBe("x");
  });

  it("is counted of its images, each address once", () => {
    const html =
      '<img src="https://a.example/"><img src="https://a.example/#x"><table background="//b.example"></table><p style="background:url(http://c.example/)"><img src="cid:x">';
    expect(sanitiseHtml(html)).toMatchObject({ ok: true, value: { remote_images: 3 } });
  });
});
