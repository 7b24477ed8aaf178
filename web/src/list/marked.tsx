import type { z } from "zod";
import type { MarkedText } from "../../../contract/search.ts";

/** Text with the words that were searched for highlighted. */
export function Marked({ text, hits }: z.infer<typeof MarkedText>) {
  let end = 0;
  return (
    <>
      {hits.map(({ at, length }) => {
        const before = text.slice(end, at);
        end = at + length;
        return [before, <mark key={at}>{text.slice(at, end)}</mark>];
      })}
      {text.slice(end)}
    </>
  );
}
