/**
 * Text whose paragraphs are broken into lines so that they can be put together again (RFC 3676): `format=flowed`. A
 * reader that knows it fills the window's width; one that does not sees lines of a length that people read. Where no
 * line is long there is nothing to break, and the text goes as it is.
 *
 * `delsp=no`: lines are broken at spaces that are there, which stay at their ends. Writing without spaces (Chinese,
 * Japanese, a long address) stays one line. So does what is quoted: its marks are there once, and readers that put lines
 * together without looking at quotes (postal-mime 4.0) would leave the others in the middle of the text.
 */

/** RFC 3676 §4.2: 78 characters at most, with the space; 72 are good to read, and leave room for a few marks of quotes. */
const MAX_LINE = 78;
const WIDTH = 72;

/** RFC 3676 §4.3: it ends in a space, and is a line of its own all the same. */
const SIGNATURE = "-- ";

/** Null: every line is short already. */
export function flow(text: string): string | null {
  const lines = text.split(/\r\n?|\n/);
  if (!lines.some((line) => line.length > MAX_LINE && !line.startsWith(">") && line.includes(" "))) return null;
  return lines.flatMap(flowLine).join("\n");
}

function flowLine(line: string): string[] {
  const marks = /^>*/.exec(line)?.[0] ?? "";
  // One space between the quote marks and what is quoted belongs to the marks: it is the one of RFC 3676 §4.4.
  const text = marks === "" ? line : line.slice(marks.length).replace(/^ /, "");
  if (text === SIGNATURE) return [stuffed(marks, text)];
  // A space at its end would make the next line part of this one.
  const ended = withoutSpacesAtEnd(text);
  return (marks === "" ? breakLine(ended) : [ended]).map((piece) => stuffed(marks, piece));
}

function withoutSpacesAtEnd(text: string): string {
  let end = text.length;
  while (text[end - 1] === " ") end--;
  return text.slice(0, end);
}

/** RFC 3676 §4.4: a space goes before what could be taken for a quote, for a stuffed line, or for an mbox's `From `. */
function stuffed(marks: string, text: string): string {
  if (marks !== "") return text === "" ? marks : `${marks} ${text}`;
  return /^(?: |>|From )/.test(text) ? ` ${text}` : text;
}

/** Each piece but the last ends in a space; together they are the line. */
function breakLine(line: string): string[] {
  if (line.length <= MAX_LINE) return [line];
  const pieces: string[] = [];
  let from = 0;
  while (line.length - from > WIDTH) {
    const at = breakPlace(line, from);
    if (at === null) break;
    pieces.push(line.slice(from, at));
    from = at;
  }
  return [...pieces, line.slice(from)];
}

/** After the last space within the width, or after the first one beyond. Null: there is none. */
function breakPlace(line: string, from: number): number | null {
  const isPlace = (at: number): boolean => at > from && line.slice(from, at) !== SIGNATURE && at < line.length;
  const within = line.lastIndexOf(" ", from + WIDTH - 1) + 1;
  if (within > from && isPlace(within)) return within;
  for (let at = line.indexOf(" ", from + 1); at !== -1; at = line.indexOf(" ", at + 1)) {
    if (isPlace(at + 1)) return at + 1;
  }
  return null;
}
