/** Honest mails that come near to deceiving ones: nothing should be said of them. */
import { zipOf } from "../mail/screening/zip.test-support.ts";
import { FIRST, FREE, type Kind, LEAVE, OWN, type Pen } from "./phishing-pen.ts";

export function honestKinds(pen: Pen): Kind[] {
  const { pick, word, contact, firm, brand, stranger, mail, link, withFile } = pen;
  const counted = (n: number) =>
    Array.from({ length: n }, (_, i) =>
      link("click.mailer-service.com", pick([`Read more ${i}`, `www.${word()}.com`])),
    ).join("");

  const severalDomains = (com: string) =>
    mail({ from: `Team <team@${com.replace(".com", ".de")}>`, html: link(com, `www.${com}`) });

  return [
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
    [
      "a newsletter that counts clicks, unverified",
      null,
      () => mail({ from: `News <news@${stranger()}>`, fields: [LEAVE], html: counted(6) }),
      "unverified",
    ],
    [
      "a newsletter answered at a free mail service, unverified",
      null,
      () => mail({ from: `Club <club@${stranger()}>`, fields: [LEAVE, `Reply-To: ${word()}@${pick(FREE)}`] }),
      "unverified",
    ],
  ];
}
