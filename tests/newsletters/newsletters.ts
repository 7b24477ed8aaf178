/**
 * Layouts after the patterns of real newsletters, written for this project. Their images stand in the HTML, so that
 * they look alike before and after without a network.
 */

/** One pixel, which a layout makes as large as it wants. */
const PIXEL = (colour: keyof typeof PIXELS) => `data:image/png;base64,${PIXELS[colour]}`;
const PIXELS = {
  teal: "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  red: "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==",
};
const img = (width: number, height: number, colour: keyof typeof PIXELS = "teal", more = "") =>
  `<img src="${PIXEL(colour)}" width="${width}" height="${height}" alt="A picture" ${more}>`;

const XHTML =
  '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">';
const WORDS =
  "The ferry runs every hour from the first of May. Bring the blue card, and a coat: the river is colder than the town.";
const page = (head: string, body: string, doctype = "<!DOCTYPE html>", attributes = "") =>
  `${doctype}<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>News</title>${head}</head><body ${attributes}>${body}</body></html>`;
const table = (rows: string, more = 'width="600" align="center"') =>
  `<table role="presentation" border="0" cellpadding="0" cellspacing="0" ${more}>${rows}</table>`;
const row = (cell: string, more = "") => `<tr><td ${more}>${cell}</td></tr>`;

const RESET =
  '<style type="text/css">#outlook a{padding:0}body{margin:0;padding:0;-webkit-text-size-adjust:100%}table,td{border-collapse:collapse;mso-table-lspace:0pt}img{border:0;height:auto;line-height:100%;outline:none;-ms-interpolation-mode:bicubic}p{display:block;margin:13px 0}</style>';
const MSO =
  "<!--[if mso]><xml><o:OfficeDocumentSettings><o:PixelsPerInch>96</o:PixelsPerInch></o:OfficeDocumentSettings></xml><![endif]--><!--[if lte mso 11]><style>.mj-outlook-group-fix { width:100% !important; }</style><![endif]-->";
const button = (text: string, colour = "#1e4f5c") =>
  `<a href="https://far.example/?a=1&amp;b=2" style="background:${colour};color:#ffffff;display:inline-block;font-family:Helvetica,Arial,sans-serif;font-size:15px;line-height:44px;text-align:center;text-decoration:none;width:200px;border-radius:4px;-webkit-text-size-adjust:none;mso-hide:all">${text}</a>`;

const column = (width: number, content: string) =>
  `<!--[if mso]><td width="${width}" valign="top"><![endif]--><div class="column" style="display:inline-block;width:100%;max-width:${width}px;vertical-align:top">${table(row(content, 'style="padding:10px;font:14px/20px Georgia,serif"'), 'width="100%"')}</div><!--[if mso]></td><![endif]-->`;

export const NEWSLETTERS: Record<string, string> = {
  "a single column of tables": page(
    RESET,
    table(
      row(img(600, 120)) +
        row(
          `<h1 style="margin:0;font:bold 28px/34px Arial">May</h1><p>${WORDS}</p>`,
          'bgcolor="#eeeeee" style="padding:24px"',
        ) +
        row(button("Read on"), 'align="center" style="padding:20px"'),
    ),
    XHTML,
    'bgcolor="#fafafa" leftmargin="0" topmargin="0" marginwidth="0" marginheight="0"',
  ),
  "what MJML writes": page(
    `${RESET}${MSO}<style>@media only screen and (min-width:480px){.mj-column-per-50{width:50%!important;max-width:50%}}</style><style media="screen and (min-width:480px)">.moz-text-html .mj-column-per-50{width:50%!important}</style><style>@media only screen and (max-width:479px){table.mj-full-width-mobile{width:100%!important}td.mj-full-width-mobile{width:auto!important}}</style>`,
    `<div style="background-color:#f4f4f4"><div style="margin:0 auto;max-width:600px;background:#fff"><table align="center" border="0" cellpadding="0" cellspacing="0" style="width:100%"><tbody><tr><td style="direction:ltr;font-size:0;padding:20px 0;text-align:center">${["teal", "red"].map((c) => `<div class="mj-column-per-50 mj-outlook-group-fix" style="font-size:0;text-align:left;direction:ltr;display:inline-block;vertical-align:top;width:100%"><table border="0" width="100%"><tbody><tr><td align="center" style="font-size:0;padding:10px 25px;word-break:break-word">${img(250, 90, c === "red" ? "red" : "teal")}</td></tr><tr><td style="font-size:0;padding:10px 25px"><div style="font-family:Ubuntu,Helvetica,Arial,sans-serif;font-size:13px;line-height:1.4;color:#333">${WORDS}</div></td></tr></tbody></table></div>`).join("")}</td></tr></tbody></table></div></div>`,
    "<!doctype html>",
    'style="word-spacing:normal"',
  ),
  "Outlook's conditional comments and VML": page(
    MSO,
    `<!--[if gte mso 9]><v:rect xmlns:v="urn:schemas-microsoft-com:vml" fill="true" style="width:600px"><v:fill type="frame" src="x.png"/><v:textbox inset="0,0,0,0"><![endif]--><div style="background:#d8e6e3;padding:40px;max-width:520px;margin:auto"><p class="MsoNormal" style="mso-margin-top-alt:auto;margin:0">${WORDS}<o:p></o:p></p></div><!--[if gte mso 9]></v:textbox></v:rect><![endif]--><![if !mso]><p align="center">For others</p><![endif]>`,
    XHTML,
  ),
  "hybrid columns": page(
    RESET,
    `<center style="width:100%;background:#eee"><div style="max-width:600px;margin:0 auto;background:#fff;text-align:center;font-size:0"><!--[if mso]><table><tr><![endif]-->${column(300, img(280, 100) + WORDS)}${column(300, WORDS)}<!--[if mso]></tr></table><![endif]--></div></center>`,
  ),
  "three columns that become one": page(
    "<style>.c{width:33.33%;float:left;box-sizing:border-box;padding:8px;font:13px/18px Verdana}@media screen and (max-width:600px){.c{width:100%!important;float:none!important}.hide{display:none!important}}</style>",
    `<div style="max-width:640px;margin:auto;overflow:hidden">${[1, 2, 3].map((n) => `<div class="c">${img(180, 60, n === 2 ? "red" : "teal", 'style="width:100%"')}<h3>${n}</h3><p class="hide">${WORDS}</p></div>`).join("")}</div>`,
  ),
  "dark mode": page(
    '<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark"><style>:root{color-scheme:light dark;supported-color-schemes:light dark}.card{background:#fff;color:#222}@media (prefers-color-scheme:dark){body,.body{background:#111!important}.card{background:#222!important;color:#eee!important}.light-img{display:none!important}.dark-img{display:block!important}}[data-ogsc] .card{color:#eee!important}</style>',
    `<div class="body" style="padding:20px"><div class="card" style="padding:20px">${img(100, 40, "teal", 'class="light-img"')}${img(100, 40, "red", 'class="dark-img" style="display:none"')}<p>${WORDS}</p></div></div>`,
  ),
  "buttons of every kind": page(
    "<style>.b:hover{background:#000!important}</style>",
    `<p>${button("One")}</p><p>${button("Two", "rgb(180 40 40 / 90%)")}</p>${table(row('<a class="b" href="https://far.example/" style="color:#fff;padding:12px 24px;border:1px solid #137;display:block;background:linear-gradient(90deg,#137 0%,#39c 100%);box-shadow:0 2px 4px rgba(0,0,0,.3)">Three</a>', 'align="center" bgcolor="#113377" style="border-radius:24px"'), 'align="left"')}`,
  ),
  "from right to left": page(
    "<style>p{text-align:start;border-inline-start:4px solid #c33;padding-inline-start:10px}</style>",
    `<div dir="rtl" lang="ar" style="direction:rtl;font:16px/26px Tahoma">${table(row("<h2>نشرة مايو</h2><p>تنطلق العبّارة كل ساعة.</p><bdo dir=ltr>12:30</bdo>") + row(img(200, 50, "red", 'align="left"')), 'width="100%" dir="rtl"')}</div>`,
  ),
  "a long preheader": page(
    RESET,
    `<div style="display:none;font-size:1px;color:#fff;line-height:1px;max-height:0;max-width:0;opacity:0;overflow:hidden;mso-hide:all">Read this first.${"&#847;&zwnj;&nbsp;&#8199;&shy;".repeat(60)}</div><span class="preheader" style="visibility:hidden;height:0;width:0;position:absolute">hidden</span>${table(row(WORDS, 'style="font:15px/22px Arial"'))}`,
  ),
  "old attributes": page(
    "",
    `<center><font face="Times New Roman" size="5" color="#aa0000">News</font><hr noshade size="3" width="80%" color="navy"><table border="2" bordercolor="red" cellpadding="6" cellspacing="3" bgcolor="#ffffcc" width="90%"><caption align="bottom">A table</caption><tr><th nowrap align="left">Name<th>What<tr><td rowspan="2" valign="bottom"><big>Big</big><small>small</small><td><tt>tt</tt> <strike>strike</strike><tr><td height="60" background="${PIXEL("teal")}">x</table><ul type="square"><li>a<li type="circle">b</ul><ol start="4" type="A"><li>c</ol></center>`,
    "",
    'text="#003300" link="#cc0000" vlink="#660066" bgcolor="#e0f0e0"',
  ),
  "pictures behind text": page(
    `<style>.hero{background:#234 url(${PIXEL("teal")}) repeat-x center top / 20px 40px;color:#fff}</style>`,
    `${table(row(`<div class="hero" style="padding:60px 20px">${WORDS}</div>`) + row("x", `background="${PIXEL("red")}" height="50"`), 'width="100%"')}<div style="background-image:linear-gradient(rgba(0,0,0,.4),rgba(0,0,0,.4)),url('${PIXEL("red")}');height:60px"></div>`,
  ),
  "sliced pictures": page(
    "",
    table(
      `<tr><td>${img(200, 80)}</td><td>${img(200, 80, "red")}</td><td>${img(200, 80)}</td></tr><tr><td colspan="3">${img(600, 40, "red")}</td></tr>`,
    ),
    XHTML,
  ),
  "a receipt": page(
    "<style>td.n{text-align:right;font-variant-numeric:tabular-nums}tr:nth-child(even) td{background:#f2f2f2}tfoot td{border-top:2px solid #000;font-weight:bold}</style>",
    `<table width="100%" style="max-width:480px;border-collapse:collapse;font:14px Arial"><thead><tr><th align="left">What<th align="right">€</thead><tbody>${[1, 2, 3, 4].map((n) => `<tr><td style="padding:6px">Ticket ${n}<td class="n">${n}2.50`).join("")}</tbody><tfoot><tr><td>Sum<td class="n">110.00</tfoot></table>`,
  ),
  "flex and grid": page(
    "<style>.g{display:grid;grid-template-columns:repeat(auto-fit,minmax(140px,1fr));gap:12px}.f{display:flex;justify-content:space-between;align-items:center;flex-wrap:wrap}</style>",
    `<div class="f"><b>Left</b><i>Right</i></div><div class="g">${"<div style='background:#def;padding:12px;border-radius:8px'>Cell</div>".repeat(5)}</div>`,
  ),
  "Word's paste": page(
    '<style><!-- /* Font Definitions */ @font-face {font-family:Calibri; panose-1:2 15 5 2 2 2 4 3 2 4;} p.MsoNormal, li.MsoNormal {margin:0cm; margin-bottom:.0001pt; font-size:11.0pt; font-family:"Calibri",sans-serif; mso-fareast-language:EN-US;} a:link, span.MsoHyperlink {mso-style-priority:99; color:#0563C1; text-decoration:underline;} @page WordSection1 {size:612.0pt 792.0pt; margin:72.0pt} div.WordSection1 {page:WordSection1;} --></style>',
    `<div class="WordSection1"><p class="MsoNormal"><span lang="EN-GB" style='font-size:12.0pt;color:#1F497D;mso-fareast-language:EN-US'>${WORDS}<o:p></o:p></span></p><p class="MsoNormal"><b>From:</b> Ana</p><p class=MsoListParagraph style='text-indent:-18.0pt;mso-list:l0 level1 lfo1;margin-left:36pt'>·<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;</span>A point</p></div>`,
    "",
    'lang="EN-GB" link="#0563C1" vlink="#954F72" style="word-wrap:break-word"',
  ),
  "quotes of quotes": page(
    "",
    `<div dir="ltr">I agree.</div><div class="gmail_quote">${'<blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex;border-left:1px solid rgb(204,204,204);padding-left:1ex">'.repeat(6)}<pre>  code {\n    x;\n  }</pre>${WORDS}${"</blockquote>".repeat(6)}</div>`,
    "",
  ),
  "lists and definitions": page(
    "<style>ul.x{list-style:none;padding:0}ul.x li::before{content:'→ ';color:#c33}ol{list-style-type:lower-roman}</style>",
    `<ul class="x"><li>One<li>Two</ul><ol><li>One<ol reversed><li>a<li>b</ol><li value="9">Nine</ol><dl><dt>Ferry<dd>A boat</dl><details open><summary>More</summary>${WORDS}</details><table><tr><td>H<sub>2</sub>O x<sup>2</sup><ruby>漢<rt>kan</ruby></table>`,
  ),
  "sizes by the screen": page(
    "<style>h1{font-size:clamp(18px,6vw,48px)}.w{width:min(100%,520px);margin-inline:auto;aspect-ratio:4/1;background:#cde}@media (width <= 500px){.w{background:#edc}}@media screen and (min-device-width:1px) and (max-width:480px){h1{color:#c00}}</style>",
    `<h1>Sizes</h1><div class="w">${WORDS}</div><picture><source media="(max-width: 500px)" srcset="cid:none">${img(120, 40)}</picture>`,
  ),
  "classes of a framework": page(
    "<style>.sm\\:p-4{padding:16px}.w-1\\/2{width:50%}.text-\\[13px\\]{font-size:13px}.mt-0\\.5{margin-top:2px;background:#eef}@media (max-width:600px){.sm\\:w-full{width:100%!important}}a[href^='https']{color:#0a0}td>p:first-child{margin-top:0}*[x-apple-data-detectors]{color:inherit!important}</style>",
    `<div class="sm:p-4 mt-0.5"><div class="w-1/2 sm:w-full text-[13px]" style="background:#fee">${WORDS}</div><table><tr><td><p>First</p></table><a href="https://far.example/">green</a> <a href="mailto:a@far.example">mail</a></div>`,
  ),
  "an invitation": page(
    "<style>.m{float:left;width:60px;text-align:center;border:1px solid #999;border-radius:6px;overflow:hidden;margin-right:14px}.m b{display:block;background:#c33;color:#fff;text-transform:uppercase;letter-spacing:1px;font-size:11px}.m i{font:normal 26px/40px Arial}</style>",
    `<div style="max-width:560px;margin:10px auto;padding:16px;outline:1px dashed #aaa;outline-offset:4px"><div class="m"><b>May</b><i>12</i></div><h2 style="margin:0 0 6px;text-shadow:1px 1px 0 #ddd">The river</h2><p style="margin:0;text-indent:1em;columns:2;column-gap:20px">${WORDS}</p><br clear="all"><div style="transform:rotate(-2deg);display:inline-block;background:#ffc;padding:6px">Bring a coat</div></div>`,
  ),
};
