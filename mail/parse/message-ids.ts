/** Message-ID, In-Reply-To, References (RFC 5322 §3.6.4) and List-Id (RFC 2919 §3): the ids without their brackets. */
import { cleanText } from "./header-text.ts";

/** RFC 5322 §2.1.1: a line, so an id in it, has at most 998 characters. Longer ones are cut, everywhere alike. */
const MAX_ID = 998;
/** The newest ancestors are last; a thread is joined by any of them. */
const MAX_REFERENCES = 100;
const MAX_LIST_ID = 255;

/** A hundred ids of the greatest length, and brackets. What lies before is older than what is kept. */
const MAX_FIELD = MAX_REFERENCES * (MAX_ID + 3);

/** The first id of a field, or null. */
export function parseMessageId(value: string | null): string | null {
  const bounded = value?.slice(0, MAX_FIELD) ?? "";
  const bracketed = /<([^<>]*)>/.exec(bounded)?.[1];
  const id = normalizeMessageId(bracketed ?? bounded.split(/[\s,<>]+/).find((word) => word !== "") ?? "");
  return id === "" ? null : id;
}

/** The ids of a field, each once, the last hundred of them. */
export function parseMessageIds(value: string): string[] {
  const bounded = value.slice(-MAX_FIELD);
  const bracketed = [...bounded.matchAll(/<([^<>]*)>/g)].map((match) => match[1] ?? "");
  // Without brackets the field may still hold ids, or the words of an old In-Reply-To (RFC 5322 §4.5.4).
  const candidates = bracketed.length > 0 ? bracketed : bounded.split(/[\s,<>]+/).filter((word) => word.includes("@"));
  const ids = new Set<string>();
  for (let n = candidates.length - 1; n >= 0 && ids.size < MAX_REFERENCES; n--) {
    const id = normalizeMessageId(candidates[n] ?? "");
    if (id !== "") ids.add(id);
  }
  return [...ids].reverse();
}

/** Long ids are folded in the middle by some mailers: white space is never a part of one. */
function normalizeMessageId(text: string): string {
  return cleanText(text, MAX_ID).replace(/\s+/g, "");
}

/** `Mesh Talk <talk.mesh.test>` is `talk.mesh.test`, compared without case (RFC 2919 §6). */
export function parseListId(value: string | null): string | null {
  if (value === null) return null;
  const id = /<([^<>]*)>[^<>]*$/.exec(value.slice(0, 16 * MAX_LIST_ID))?.[1] ?? value;
  return cleanText(id, MAX_LIST_ID).toLowerCase() || null;
}
