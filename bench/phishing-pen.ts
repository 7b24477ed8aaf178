/** What the kinds of mail of the phishing bench are written with: people, firms, names that look alike, and the bytes. */
import type { WarningReason } from "../contract/warnings.ts";
import { letterOf } from "../mail/screening/attached.test-support.ts";
import { mulberry32 } from "./random.ts";

export interface Person {
  name: string;
  email: string;
}

/** A kind of mail, and which warning its reader should get, or none. */
export type Kind = [
  kind: string,
  expected: WarningReason | null,
  make: () => Uint8Array<ArrayBuffer>,
  sender?: "unverified",
];

export const FIRST =
  "Anna Bruno Clara David Elena Farid Greta Hamid Irene Jonas Karla Liang Marta Nadia Oskar Petra".split(" ");
const LAST = "Albers Brandt Castillo Dubois Eriksen Fontana Gruber Hartmann Ivanova Jansen Keller Lindqvist".split(" ");
const FIRMS = "hartwell-partners brightwater northwind-logistics keller-bau silverline medivance fontana-design".split(
  " ",
);
export const BRANDS = "paypal amazon microsoft netflix dropbox facebook instagram linkedin coinbase".split(" ");
export const FREE = "gmail.com outlook.com yahoo.com gmx.de".split(" ");

/** What makes a mailing of a message, and anybody can write. */
export const LEAVE = "List-Unsubscribe: <mailto:x@y.example>";

export const OWNER: Person = { name: "Alice Adams", email: "alice@greenfield-works.com" };
export const OWN = "greenfield-works.com";

interface Parts {
  from: string;
  fields?: string[];
  html?: string;
  text?: string;
}

export type Pen = ReturnType<typeof aPen>;

/** What it writes follows from the seed and the order of the calls. */
export function aPen(seed: number) {
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
  const contact = () => pick(contacts);
  const firm = () => contact().email.split("@")[1] ?? "";
  const brand = () => `${pick(BRANDS)}.com`;
  return {
    ...{ pick, word, contacts, contact, firm, brand, stranger, alike, leet, cyrillic, ascii },
    ...{ mail, link, withFile, program },
  };
}
