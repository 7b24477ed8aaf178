/** Signs of spam and fraud in what a message says: they are few and cheap, and each is explained to its writer. */
import { addressKey } from "../address/address-key.ts";
import { isSameOwner } from "../address/organizational-domain.ts";
import type { Findings } from "./findings.ts";
import { misleadingLink, readHtmlSigns } from "./html-signs.ts";

/** In two halves, or a filter would take this source for spam (spamassassin.apache.org/gtube). */
export const GTUBE = ["XJS*C4JDBQADN1.NSBN3*2IDNEN*", "GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X"].join("");

export interface Words {
  from: { name: string; email: string } | null;
  subject: string;
  text: string;
  html: string | null;
}

export function screenWords(findings: Findings, { from, subject, text, html }: Words): void {
  const texts = Object.entries({ subject, text, html: html ?? "" });
  for (const [at, words] of texts)
    if (words.includes(GTUBE)) findings.add({ at, code: "test_spam", words: "holds the test line of spam filters" });
  const other = from && otherAddress(from);
  if (other) findings.add({ at: "from", code: "name_is_other_address", words: `the name is an address, ${other}` });
  if (html === null) return;
  const signs = readHtmlSigns(html);
  const misleading = misleadingLink(signs);
  if (signs.asksForPassword)
    findings.add({ at: "html", code: "password_form", words: "holds a form that asks for a password" });
  if (misleading !== null) {
    const words = `a link shows ${misleading.shown} and leads to ${misleading.host}`;
    findings.add({ at: "html", code: "misleading_link", words });
  }
}

/** The address in a display name that is not of the sender's domain: readers show the name and hide the address. */
function otherAddress({ name, email }: { name: string; email: string }): string | null {
  const found = /[^\s<>()[\]"',;:@]{1,64}@[^\s<>()[\]"',;:@]{1,253}/.exec(name.slice(0, 1000))?.[0] ?? "";
  const domainOf = (address: string) => address.slice(address.lastIndexOf("@") + 1);
  return addressKey(found) === null || isSameOwner(domainOf(found), domainOf(email)) ? null : found;
}
