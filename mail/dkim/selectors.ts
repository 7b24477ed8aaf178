/**
 * Names of keys (RFC 6376 §3.1): `mm202611a`, the month and a letter. They sort by age and never come again, since a
 * record that a resolver still holds must not answer for another key.
 */

const SELECTOR = /^mm(\d{6})([a-z]+)$/;

/** The next `count` selectors behind the newest one that there was. */
export function nextSelectors(newest: string | null, now: number, count: number): string[] {
  const thisMonth = new Date(now).toISOString().slice(0, 7).replace("-", "");
  const [, month = "", letters = ""] = SELECTOR.exec(newest ?? "") ?? [];
  // A clock that was ahead once must not lead back.
  let [prefix, last] = month >= thisMonth ? [month, letters] : [thisMonth, ""];
  return Array.from({ length: count }, () => {
    last = nextLetters(last);
    return `mm${prefix}${last}`;
  });
}

/** `a` … `z`, `za` … `zz`, `zza` …: in this order they sort. */
function nextLetters(letters: string): string {
  const last = letters.at(-1);
  if (last === undefined || last === "z") return `${letters}a`;
  return letters.slice(0, -1) + String.fromCharCode(last.charCodeAt(0) + 1);
}
