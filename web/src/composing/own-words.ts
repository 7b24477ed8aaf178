/** What the writer of a letter says, apart from what stands around it. */
import { htmlToText } from "../../../mail/text/html-to-text.ts";
import type { Letter } from "./letter.ts";

/** Without what is quoted, passed on or signed. */
export function ownWords({ body, html }: Letter): string {
  const text = html === null ? body : htmlToText(html);
  return text
    .replace(/^-{5,} .*$[\s\S]*/m, "")
    .replace(/^-- $[\s\S]*?(?=^.*:\n>|$(?![\s\S]))/m, "")
    .replaceAll(/^>.*$/gm, "");
}

/** In the languages of the client, whichever it has just now: people write in several. */
const OF_ATTACHMENTS = [
  /\b(?:attached|attachments?|attaching|enclosed)\b/i,
  /(?:^|[^\p{L}])(?:anbei|angehängte?[nrms]?|anhang|anhänge|beigefügte?[nrms]?|beiliegende?[nrms]?)(?=$|[^\p{L}])/iu,
  /附件|附上|随附|隨附|附檔/,
];
export const speaksOfAttachment = (text: string): boolean => OF_ATTACHMENTS.some((words) => words.test(text));
