/** Lists of flags (RFC 5232 §2): texts with flags between spaces, each flag once whatever its case. */
import { MAX_FLAGS } from "./limits.ts";

/** RFC 3501 §2.3.2. `\Recent` is the server's own. */
const SYSTEM = new Map(
  ["\\Answered", "\\Flagged", "\\Deleted", "\\Seen", "\\Draft"].map((flag) => [flag.toLowerCase(), flag]),
);
/** RFC 3501 §9 flag-keyword: an atom. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: atoms are all that has none of these.
const KEYWORD = /^[^\u0000-\u0020\u007f-\uffff(){%*"\\\]]+$/;

/** RFC 5232 §2: what is no flag is left out. */
export function flagsIn(texts: readonly string[]): string[] {
  const flags = new Map<string, string>();
  for (const word of texts.flatMap((text) => text.split(/[ \t\r\n]+/))) {
    const flag = SYSTEM.get(word.toLowerCase()) ?? (KEYWORD.test(word) ? word : null);
    if (flag !== null && !flags.has(flag.toLowerCase()) && flags.size < MAX_FLAGS) flags.set(flag.toLowerCase(), flag);
  }
  return [...flags.values()];
}

export function changeFlags(
  present: readonly string[],
  change: "setflag" | "addflag" | "removeflag",
  given: readonly string[],
): string[] {
  if (change === "setflag") return flagsIn(given);
  if (change === "addflag") return flagsIn([...present, ...given]);
  const gone = new Set(flagsIn(given).map((flag) => flag.toLowerCase()));
  return present.filter((flag) => !gone.has(flag.toLowerCase()));
}
