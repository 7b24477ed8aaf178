/** Mails that deceive. Those that no sign tells are among them: a bench that leaves them out says nothing. */
import { zipOf } from "../mail/screening/zip.test-support.ts";
import { BRANDS, FREE, type Kind, LEAVE, OWN, OWNER, type Pen } from "./phishing-pen.ts";

export function deceivingKinds(pen: Pen): Kind[] {
  const { pick, word, contact, firm, brand, stranger, alike, leet, cyrillic, ascii, mail, link, withFile, program } =
    pen;
  const astray = () => {
    const host = stranger();
    return [1, 2, 3].map((n) => link(host, `https://www.${word()}${n}-bank.com/login`)).join("");
  };

  return [
    [
      "a contact's name at a free mail service",
      "imitates_contact",
      () => mail({ from: `${contact().name} <${word()}@${pick(FREE)}>` }),
    ],
    [
      "a contact's name in letters of another script",
      "imitates_contact",
      () => mail({ from: `${cyrillic(contact().name)} <${word()}@${stranger()}>` }),
    ],
    [
      "a contact's name, turned about",
      "imitates_contact",
      () => mail({ from: `"${contact().name.split(" ").reverse().join(", ")}" <${word()}@${stranger()}>` }),
    ],
    [
      "a contact's address for a name",
      "imitates_contact",
      () => mail({ from: `"${contact().email}" <${word()}@${stranger()}>` }),
    ],
    [
      "an answer in a contact's name, from a stolen account",
      "imitates_contact",
      () =>
        mail({ from: `${contact().name} <info@${stranger()}>`, fields: ["In-Reply-To: <known@greenfield-works.com>"] }),
    ],
    [
      "the own address for a name",
      "imitates_own_domain",
      () => mail({ from: `"${OWNER.email}" <${word()}@${stranger()}>` }),
    ],
    [
      "the own domain's helpdesk",
      "imitates_own_domain",
      () => mail({ from: `"${OWN} helpdesk" <${word()}@${stranger()}>` }),
    ],
    [
      "a contact's domain with a letter wrong",
      "look_alike_domain",
      () => mail({ from: `Accounts <billing@${alike(firm())}>` }),
    ],
    ["a contact's domain with digits", "look_alike_domain", () => mail({ from: `Accounts <billing@${leet(firm())}>` })],
    [
      "a contact's domain in another script",
      "look_alike_domain",
      () => mail({ from: `Accounts <billing@${ascii(`${cyrillic(firm().slice(0, -4))}.com`)}>` }),
    ],
    [
      "a contact's domain in front of another",
      "look_alike_domain",
      () => mail({ from: `Accounts <billing@${firm()}.${stranger()}>` }),
    ],
    ["the own domain with a letter wrong", "look_alike_domain", () => mail({ from: `IT <it@${alike(OWN)}>` })],
    [
      "a link to what looks like the own domain",
      "look_alike_domain",
      () => mail({ from: `IT <it@${stranger()}>`, html: link(alike(OWN), "Renew your password") }),
    ],
    ["a brand's domain with digits", "look_alike_domain", () => mail({ from: `Service <service@${leet(brand())}>` })],
    [
      "a brand's domain in another script",
      "look_alike_domain",
      () => mail({ from: `Service <service@${ascii(`${cyrillic(pick(BRANDS))}.com`)}>` }),
    ],
    [
      "a brand's domain in front of another",
      "look_alike_domain",
      () => mail({ from: `Service <service@${brand()}.${stranger()}>` }),
    ],
    [
      "a brand with a word after a hyphen",
      "look_alike_domain",
      () => mail({ from: `Service <x@${pick(BRANDS)}-${pick(["login", "secure", "support"])}.com>` }),
    ],
    [
      "a link to what looks like a brand",
      "look_alike_domain",
      () => mail({ from: `Service <service@${stranger()}>`, html: link(alike(brand()), "Confirm your account") }),
    ],
    [
      "a link that shows another host",
      "misleading_link",
      () => mail({ from: `Bank <x@${stranger()}>`, html: link(stranger(), `https://www.${word()}-bank.com/login`) }),
    ],
    [
      "a link in a sentence that shows another host",
      "misleading_link",
      () =>
        mail({ from: `Bank <x@${stranger()}>`, html: link(stranger(), `Log in at https://${word()}-bank.com now`) }),
    ],
    [
      "a link to a number that shows a host",
      "misleading_link",
      () => mail({ from: `Bank <x@${stranger()}>`, html: link("203.0.113.9", `www.${word()}.com`) }),
    ],
    [
      "a link that shows its text backwards",
      "misleading_link",
      () => mail({ from: `Bank <x@${stranger()}>`, html: link(stranger(), `\u202emoc.${word()}.www`) }),
    ],
    [
      "a form for card and password",
      "form",
      () =>
        mail({
          from: `Bank <x@${stranger()}>`,
          html: `<form action="https://${stranger()}"><input name=a><input type=password></form>`,
        }),
    ],
    [
      "a script",
      "script",
      () =>
        mail({
          from: `X <x@${stranger()}>`,
          html: pick(["<script>x()</script>", "<img src=x onerror=x()>", "<a href='javascript:x()'>Hi</a>"]),
        }),
    ],
    [
      "a firm's director who wants answers at a free mail service",
      "reply_to_elsewhere",
      () => mail({ from: `Director <director@${stranger()}>`, fields: [`Reply-To: ${word()}@${pick(FREE)}`] }),
    ],
    [
      "a program that is named like a document",
      "dangerous_attachment",
      () => withFile(`X <x@${stranger()}>`, pick(["bill.pdf", "photo.jpg", "bill.pdf.exe"]), program),
    ],
    [
      "a document with macros",
      "dangerous_attachment",
      () => withFile(`X <x@${stranger()}>`, "bill.docm", zipOf([{ name: "word/vbaProject.bin", content: program }])),
    ],
    [
      "an archive with a password",
      "dangerous_attachment",
      () =>
        withFile(`X <x@${stranger()}>`, "bill.zip", zipOf([{ name: "bill.doc", content: program, encrypted: true }])),
    ],
    [
      "a page with a script, attached",
      "dangerous_attachment",
      () => withFile(`X <x@${stranger()}>`, "bill.html", new Uint8Array(Buffer.from("<html><script>x()</script>"))),
    ],
    [
      "a firm's director, unverified, who calls it a mailing",
      "reply_to_elsewhere",
      () =>
        mail({
          from: `Director <director@${stranger()}>`,
          fields: [LEAVE, `Reply-To: ${word()}@${pick(FREE)}`],
        }),
      "unverified",
    ],
    [
      "links that show another host, unverified, called a mailing",
      "misleading_link",
      () => mail({ from: `Bank <x@${stranger()}>`, fields: [LEAVE], html: astray() }),
      "unverified",
    ],
    // Deceiving, with a sign that nothing here looks for.
    [
      "a brand's name alone",
      "imitates_contact",
      () => mail({ from: `PayPal Service <x@${stranger()}>`, html: link(stranger(), "Confirm your account") }),
    ],
    [
      "a contact's domain under another ending",
      "look_alike_domain",
      () => mail({ from: `Accounts <billing@${firm().replace(".com", ".net")}>` }),
    ],
    [
      "a contact's domain with a word more",
      "look_alike_domain",
      () => mail({ from: `Accounts <billing@${firm().replace(".com", "-invoices.com")}>` }),
    ],
    [
      "a brand with a word and no hyphen",
      "look_alike_domain",
      () => mail({ from: `Service <x@${pick(BRANDS)}secure.com>` }),
    ],
    [
      "a contact's first name and a plea",
      "imitates_contact",
      () =>
        mail({
          from: `${contact().name.split(" ")[0]} <${word()}@${pick(FREE)}>`,
          text: "Are you in the office? I need gift cards.",
        }),
    ],
    [
      "links that show another host, called a mailing, from a domain of its own",
      "misleading_link",
      () => mail({ from: `Bank <x@${stranger()}>`, fields: [LEAVE], html: astray() }),
    ],
  ];
}
