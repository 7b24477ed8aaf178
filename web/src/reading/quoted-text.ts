/** What a plain answer repeats at its end: lines that begin with ">", or all below "-----Original Message-----". */

export interface SplitText {
  text: string;
  /** Empty where nothing is repeated, or nothing else is there. */
  quoted: string;
}

const QUOTED = /^\s?>/;
const SEPARATOR =
  /^\s*(?:-{3,}\s*(?:original message|ursprüngliche nachricht|原始邮件|message d'origine)\s*-{3,}|_{20,})\s*$/i;

export function splitQuoted(body: string): SplitText {
  const lines = body.split("\n");
  const at = separatorOf(lines) ?? quoteOf(lines);
  if (at === null) return { text: body, quoted: "" };
  const text = lines.slice(0, at).join("\n").trimEnd();
  // Who sends on without a word sends what he sends on.
  return text === "" ? { text: body, quoted: "" } : { text, quoted: lines.slice(at).join("\n").trim() };
}

function separatorOf(lines: string[]): number | null {
  const at = lines.findIndex((line) => SEPARATOR.test(line));
  return at === -1 ? null : at;
}

/** Where the quote begins that only blank lines follow, with the line above it that says whose words they are. */
function quoteOf(lines: string[]): number | null {
  let at = lines.length;
  while (at > 0 && (isBlank(lines[at - 1]) || QUOTED.test(lines[at - 1] ?? ""))) at--;
  if (!lines.slice(at).some((line) => QUOTED.test(line))) return null;
  while (isBlank(lines[at])) at++;
  return at - attributionAbove(lines, at);
}

/** "On Monday, 3 May, Ines Carvalho wrote:", which may be broken into two lines. */
function attributionAbove(lines: string[], at: number): number {
  let above = at - 1;
  while (above >= 0 && isBlank(lines[above])) above--;
  if (above < 0 || !/[:：]\s*$/.test(lines[above] ?? "")) return 0;
  const isSecond = !isBlank(lines[above - 1]) && /\d/.test(lines[above - 1] ?? "") && isBlank(lines[above - 2] ?? "");
  return at - above + (above > 0 && isSecond ? 1 : 0);
}

const isBlank = (line: string | undefined): boolean => line !== undefined && line.trim() === "";
