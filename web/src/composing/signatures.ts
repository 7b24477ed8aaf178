/** What stands below everything that is written as one identity. The mesh keeps it; whoever writes puts it in. */
import type { Identity } from "../../../contract/identities.ts";
import type { Letter } from "./letter.ts";
import { paragraphs, signatureBlock, withSignature } from "./quote.ts";

export const identityOf = (identities: readonly Identity[], from: string | null): Identity | undefined =>
  identities.find(({ email, is_default }) => (from === null ? is_default : email === from));

/** RFC 3676 §4.3 has the line that parts it from the text. */
const plain = ({ text_signature }: Identity): string => (text_signature === "" ? "" : `-- \n${text_signature}`);
const rich = ({ html_signature, text_signature }: Identity): string => html_signature || paragraphs(text_signature);

/** Into a letter that has none yet, above what it quotes. */
export function sign(letter: Letter, identity: Identity | undefined): Letter {
  if (identity === undefined) return letter;
  if (letter.html !== null) return { ...letter, html: `${letter.html}${signatureBlock(signedHtml(identity))}` };
  const signature = plain(identity);
  if (signature === "") return letter;
  return { ...letter, body: letter.body === "" ? `\n\n${signature}` : `\n\n${signature}${letter.body}` };
}

const signedHtml = (identity: Identity): string => (rich(identity) === "<p></p>" ? "" : rich(identity));

/** Another identity's in place of the one that is there, if it is still as it was. */
export function resign(letter: Letter, before: Identity | undefined, after: Identity): Letter {
  if (letter.html !== null) return { ...letter, html: withSignature(letter.html, signedHtml(after)) };
  const [old, signature] = [before === undefined ? "" : plain(before), plain(after)];
  if (old !== "" && letter.body.includes(old)) return { ...letter, body: letter.body.replace(old, () => signature) };
  return old === "" && signature !== "" ? { ...letter, body: `${letter.body.trimEnd()}\n\n${signature}` } : letter;
}
