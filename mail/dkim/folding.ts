/** Long values of tags, folded where RFC 6376 allows white space: behind the colons of `h=`, and anywhere in `b=`. */

const FOLD = "\r\n\t";
/** RFC 5322 §2.1.1: 78 characters, and the tab that a continuation begins with counts as one. */
const MAX_LINE = 76;

/** `From:From:To`, in lines. */
export function foldedList(names: readonly string[]): string {
  const lines: string[] = [];
  let line = "";
  for (const [n, name] of names.entries()) {
    const piece = n === names.length - 1 ? name : `${name}:`;
    if (line.length + piece.length > MAX_LINE - "h=;".length) {
      lines.push(line);
      line = "";
    }
    line += piece;
  }
  return [...lines, line].join(FOLD);
}

/** Base64, in lines that leave room for the `b=` in front. */
export function foldedValue(base64: string): string {
  return (base64.match(/.{1,72}/g) ?? []).join(FOLD);
}
