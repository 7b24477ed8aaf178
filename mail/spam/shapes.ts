/** What kind of text stands somewhere, and about how much of it: what differs in each message says nothing by itself. */

/** `Ana3.Lee-99` and `Bob7.Kim-12` have one shape. */
export function shapeOf(text: string): string {
  return text
    .slice(0, 100)
    .replace(/\d+/g, (digits) => (digits.length > 4 ? "9+" : "9".repeat(digits.length)))
    .replace(/[A-F]{5,}/g, "A+")
    .replace(/[A-Z]+/g, (letters) => (letters.length > 2 ? "A+" : "A"))
    .replace(/[a-z]+/g, (letters) => (letters.length > 2 ? "a+" : "a"));
}

export const bucket = (count: number): string => (count < 4 ? String(count) : `2^${Math.floor(Math.log2(count))}`);

export const tenths = (part: number, whole: number): number => Math.floor((10 * part) / (whole + 1));
