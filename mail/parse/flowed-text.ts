/** Text whose paragraphs were broken into lines by the sender's mailer and may be put together again (RFC 3676). */

interface Line {
  quoteDepth: number;
  text: string;
}

/** Undoes `format=flowed`. `delSp` says that the space at a break was added with it (RFC 3676 §4.1). */
export function unflow(text: string, delSp: boolean): string {
  const lines: string[] = [];
  let paragraph: string[] = [];
  let quoteDepth = 0;
  const flush = () => {
    if (paragraph.length > 0) lines.push(`${">".repeat(quoteDepth)}${quoteDepth > 0 ? " " : ""}${paragraph.join("")}`);
    paragraph = [];
  };
  for (const raw of text.split("\n")) {
    const line = readLine(raw);
    // RFC 3676 §4.5: a paragraph that is quoted otherwise than the line before is another one, however that one ended.
    if (line.quoteDepth !== quoteDepth) flush();
    quoteDepth = line.quoteDepth;
    // RFC 3676 §4.3: the signature separator ends in a space and is a line of its own all the same.
    const isSignature = line.text === "-- ";
    if (isSignature) flush();
    const isFlowed = line.text.endsWith(" ") && !isSignature;
    paragraph.push(isFlowed && delSp ? line.text.slice(0, -1) : line.text);
    if (!isFlowed) flush();
  }
  flush();
  return lines.join("\n");
}

function readLine(raw: string): Line {
  let quoteDepth = 0;
  while (raw.charAt(quoteDepth) === ">") quoteDepth++;
  const rest = raw.slice(quoteDepth);
  // RFC 3676 §4.4: one space is stuffed before lines that could be taken for something else.
  return { quoteDepth, text: rest.startsWith(" ") ? rest.slice(1) : rest };
}
