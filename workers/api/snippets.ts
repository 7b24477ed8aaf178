/** Found messages with the pieces of them that were searched for. */
import { MAX_QUERY_CHARACTERS } from "../../contract/limits.ts";
import type { FoundMessage, SearchMessages } from "../../contract/search.ts";
import { parseQuery } from "../../mail/query/parse-query.ts";
import { hitsIn, needlesOf, snippetOf } from "../../mail/query/snippet.ts";
import { inflate } from "../storage/read-content.ts";

export function withSnippets(
  messages: FoundMessage[],
  texts: (Uint8Array | null)[],
  { q, prefix }: Pick<SearchMessages, "q" | "prefix">,
): FoundMessage[] {
  const needles = needlesOf(parseQuery(q.slice(0, MAX_QUERY_CHARACTERS), { is_unfinished: prefix }).query);
  const inAnyField = needles.filter(({ field }) => field === null);
  const inSubject = needles.filter(({ field }) => field === null || field === "subject");
  return messages.map((message, n) => {
    const text = texts[n];
    const body = snippetOf(text ? inflate(text) : message.preview, inAnyField);
    const subject = { text: message.subject, hits: hitsIn(message.subject, inSubject) };
    return { ...message, snippet: { subject, body } };
  });
}
