/**
 * Mails that deceive, and honest ones that come near to it, of many kinds and seeded. Each kind says which warning a
 * reader should get, or none. Those that no sign tells are among them: a bench that leaves them out says nothing.
 */
import type { WarningReason } from "../contract/warnings.ts";
import { letterOf } from "../mail/screening/attached.test-support.ts";
import { zipOf } from "../mail/screening/zip.test-support.ts";
import { mulberry32 } from "./random.ts";

export interface Person {
  name: string;
  email: string;
}

export interface Mail {
  kind: string;
  /** Null: nothing should be said of it. */
  expected: WarningReason | null;
  raw: Uint8Array<ArrayBuffer>;
  sender: "verified" | "unverified";
}

const FIRST = "Anna Bruno Clara David Elena Farid Greta Hamid Irene Jonas Karla Liang Marta Nadia Oskar Petra".split(
  " ",
);
const LAST = "Albers Brandt Castillo Dubois Eriksen Fontana Gruber Hartmann Ivanova Jansen Keller Lindqvist".split(" ");
const FIRMS = "hartwell-partners brightwater northwind-logistics keller-bau silverline medivance fontana-design".split(
  " ",
);
const BRANDS = "paypal amazon microsoft netflix dropbox facebook instagram linkedin coinbase".split(" ");
const FREE = "gmail.com outlook.com yahoo.com gmx.de".split(" ");

export const OWNER: Person = { name: "Alice Adams", email: "alice@greenfield-works.com" };
const OWN = "greenfield-works.com";

export interface Set {
  contacts: Person[];
  mails: Mail[];
}

export function phishingMails(seed: number, ofEach: number): Set {
  const random = mulberry32(seed);
  const pick = <T>(all: readonly T[]): T => all[Math.floor(random() * all.length)] as T;
  const word = () => Array.from({ length: 9 }, () => pick([..."abcdefghijklmnoprstuvw"])).join("");
  const contacts = FIRST.flatMap((first, n): Person[] => {
    const last = LAST[n % LAST.length] ?? "";
    return [{ name: `${first} ${last}`, email: `${first}.${last}@${FIRMS[n % FIRMS.length]}.com`.toLowerCase() }];
  });
  const stranger = () => `${word()}.${pick(["com", "net", "org"])}`;
  const swap = (text: string, at: number) => text.slice(0, at) + text[at + 1] + text[at] + text.slice(at + 2);
  const alike = (domain: string): string => {
    const [label = "", ...rest] = domain.split(".");
    const at = 2 + Math.floor(random() * (label.length - 4));
    const changed = pick([
      () => label.slice(0, at) + label[at] + label.slice(at),
      () => label.slice(0, at) + label.slice(at + 1),
      () => (label[at] === label[at + 1] ? `${label}x` : swap(label, at)),
      () => label.slice(0, at) + pick([..."qxzjv"]) + label.slice(at + 1),
    ])();
    return [changed, ...rest].join(".");
  };
  const DIGITS: Record<string, string> = { o: "0", l: "1", i: "1", e: "3", a: "4", s: "5" };
  const leet = (text: string) => text.replace(/[olieas]/, (letter) => DIGITS[letter] ?? letter);
  const CYRILLIC: Record<string, string> = { a: "а", e: "е", o: "о", p: "р", c: "с", x: "х", i: "і" };
  const cyrillic = (text: string) => text.replace(/[aeopcxi]/g, (letter) => CYRILLIC[letter] ?? letter);
  const ascii = (domain: string) => new URL(`http://${domain}`).hostname;

  interface Parts {
    from: string;
    fields?: string[];
    html?: string;
    text?: string;
  }
  const mail = ({ from, fields = [], html, text = "Good morning, please see below." }: Parts) =>
    new Uint8Array(
      new TextEncoder().encode(
        [
          ...[
            `From: ${from}`,
            `To: ${OWNER.email}`,
            `Subject: ${word()}`,
            `Message-ID: <${word()}${random()}@x.example>`,
          ],
          ...["Date: Tue, 24 Nov 2026 03:00:00 +0000", "MIME-Version: 1.0", ...fields],
          `Content-Type: text/${html === undefined ? "plain" : "html"}; charset=utf-8`,
          ...["", html ?? text, ""],
        ].join("\r\n"),
      ),
    );
  const link = (host: string, shown: string) =>
    `<p>Dear customer, <a href="https://${host}/${word()}">${shown}</a></p>`;
  const withFile = (from: string, filename: string, content: Uint8Array, type = "application/octet-stream") =>
    new Uint8Array(
      Buffer.from(
        Buffer.from(letterOf({ filename, content, type }))
          .toString("latin1")
          .replace(/^From: .*$/m, `From: ${from}`),
        "latin1",
      ),
    );
  const program = new Uint8Array(Buffer.from(`MZ\x90\0${"\0".repeat(80)}`, "latin1"));
  const counted = (n: number) =>
    Array.from({ length: n }, (_, i) =>
      link("click.mailer-service.com", pick([`Read more ${i}`, `www.${word()}.com`])),
    ).join("");

  const severalDomains = (com: string) =>
    mail({ from: `Team <team@${com.replace(".com", ".de")}>`, html: link(com, `www.${com}`) });

  type Kind = [
    kind: string,
    expected: WarningReason | null,
    make: () => Uint8Array<ArrayBuffer>,
    sender?: "unverified",
  ];
  const contact = () => pick(contacts);
  const firm = () => contact().email.split("@")[1] ?? "";
  const brand = () => `${pick(BRANDS)}.com`;
  const KINDS: Kind[] = [
    // Deceiving.
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
    // Honest.
    [
      "a contact",
      null,
      () => {
        const { name, email } = contact();
        return mail({ from: `${name} <${email}>` });
      },
    ],
    [
      "a contact whose domain says nothing",
      null,
      () => {
        const { name, email } = contact();
        return mail({ from: `${name} <${email}>` });
      },
      "unverified",
    ],
    ["a contact's colleague", null, () => mail({ from: `${pick(FIRST)} Newman <new@${firm()}>` })],
    [
      "a contact under another address of the firm",
      null,
      () => {
        const { name, email } = contact();
        return mail({ from: `${name} <x${email}>` });
      },
    ],
    [
      "a contact who answers from home",
      null,
      () => {
        const { name } = contact();
        return mail({
          from: `${name} <${name.replace(" ", ".").toLowerCase()}@${pick(FREE)}>`,
          fields: ["In-Reply-To: <known@greenfield-works.com>"],
        });
      },
    ],
    [
      "a contact who writes from home, unasked",
      null,
      () => {
        const { name } = contact();
        return mail({ from: `${name} <${name.replace(" ", ".").toLowerCase()}@${pick(FREE)}>` });
      },
    ],
    [
      "somebody else of the same name",
      null,
      () => {
        const { name } = contact();
        return mail({ from: `${name} <${name.split(" ")[1]?.toLowerCase()}@${stranger()}>` });
      },
    ],
    ["a firm with several domains", null, () => severalDomains(firm())],
    ["a stranger", null, () => mail({ from: `${pick(FIRST)} ${word()} <${word()}@${stranger()}>` }), "unverified"],
    [
      "a newsletter that counts clicks",
      null,
      () =>
        mail({
          from: `News <news@${stranger()}>`,
          fields: [`List-Unsubscribe: <https://${stranger()}/u>`],
          html: counted(6),
        }),
    ],
    [
      "a shop that counts clicks on its own address",
      null,
      () => {
        const shop = stranger();
        return mail({ from: `Shop <x@${shop}>`, html: link("click.mailer-service.com", `www.${shop}`) });
      },
    ],
    [
      "a newsletter answered at a free mail service",
      null,
      () =>
        mail({
          from: `Club <club@${stranger()}>`,
          fields: ["List-Unsubscribe: <mailto:x@y.example>", `Reply-To: ${word()}@${pick(FREE)}`],
        }),
    ],
    [
      "a list that is answered as a list",
      null,
      () =>
        mail({
          from: `${contact().name} via dev <dev@${stranger()}>`,
          fields: ["List-Id: <dev.lists.example>", `Reply-To: dev@${stranger()}`],
        }),
    ],
    [
      "a list where a stranger has two addresses",
      null,
      () =>
        mail({ from: `"${word()}@${stranger()}" <${word()}@${stranger()}>`, fields: ["List-Id: <dev.lists.example>"] }),
    ],
    [
      "a shop's no-reply with a help desk",
      null,
      () => mail({ from: `Shop <no-reply@${stranger()}>`, fields: [`Reply-To: help@${stranger()}`] }),
    ],
    [
      "a firm whose help desk is at another domain",
      null,
      () => mail({ from: `Firm <info@${stranger()}>`, fields: [`Reply-To: firm@${stranger()}`] }),
    ],
    [
      "an invitation in a contact's name",
      null,
      () =>
        mail({
          from: `${contact().name} <calendar-notification@google.com>`,
          fields: [`Reply-To: ${contact().email}`],
        }),
    ],
    [
      "a code review in a contact's name",
      null,
      () =>
        mail({
          from: `${contact().name} <notifications@github.com>`,
          fields: ["List-Id: <x.github.com>"],
          html: link("github.com", "https://github.com/x/y/pull/1"),
        }),
    ],
    [
      "a document shared in a contact's name",
      null,
      () =>
        mail({
          from: `"${contact().name} (via Google Docs)" <drive-shares-noreply@google.com>`,
          fields: [`Reply-To: ${contact().email}`],
        }),
    ],
    [
      "a brand itself",
      null,
      () => {
        const known = brand();
        return mail({ from: `Service <service@${known}>`, html: link(`www.${known}`, `https://www.${known}/account`) });
      },
    ],
    [
      "a form of the own web site",
      null,
      () => mail({ from: `Web site <forms@${OWN}>`, fields: [`Reply-To: ${word()}@${pick(FREE)}`] }),
    ],
    [
      "a form that a service passes on",
      null,
      () => mail({ from: `Forms <submissions@${stranger()}>`, fields: [`Reply-To: ${word()}@${pick(FREE)}`] }),
    ],
    [
      "a small firm whose owner reads at a free mail service",
      null,
      () => mail({ from: `Firm <info@${stranger()}>`, fields: [`Reply-To: ${word()}@${pick(FREE)}`] }),
    ],
    [
      "a ticket with data for programs",
      null,
      () =>
        mail({
          from: `Air <x@${stranger()}>`,
          html: '<script type="application/ld+json">{"@type":"Flight"}</script><p>Seat 7A',
        }),
    ],
    [
      "links rewritten by a scanner",
      null,
      () =>
        mail({
          from: `${pick(FIRST)} ${word()} <x@${stranger()}>`,
          html: link("eur01.safelinks.protection.outlook.com", `https://${stranger()}/x`),
        }),
    ],
    [
      "a document as a zip of today",
      null,
      () =>
        withFile(
          `X <x@${stranger()}>`,
          "minutes.docx",
          zipOf([
            { name: "[Content_Types].xml", content: new Uint8Array(9) },
            { name: "word/document.xml", content: new Uint8Array(9) },
          ]),
        ),
    ],
    [
      "a patch, a picture by a wrong name, a page",
      null,
      () =>
        withFile(
          `X <x@${stranger()}>`,
          pick(["fix.patch", "photo.png", "report.html"]),
          new Uint8Array(Buffer.from("\xff\xd8\xff\xe0\0\x10JFIF", "latin1")),
        ),
    ],
  ];
  const mails = KINDS.flatMap(([kind, expected, make, sender]) =>
    Array.from({ length: ofEach }, (): Mail => ({ kind, expected, raw: make(), sender: sender ?? "verified" })),
  );
  return { contacts, mails };
}
