/**
 * The ARC sets of a message (RFC 8617 §3.8): who sealed it on its way, and what they found when it came to them. Whether
 * the seals are whole is not asked here; whoever verified the chain said so, and what it did not verify is not read.
 */
import { begins, eachField, fieldValue, isNamed, MAX_VALUE_BYTES } from "../header-fields.ts";
import { parseResults, type ResultsField } from "./results-field.ts";

export interface ArcSet {
  instance: number;
  /** The domain of its ARC-Seal, in lower case. */
  sealer: string;
  results: ResultsField | null;
}

/** RFC 8617 §4.2.1: no message carries more. */
const MAX_INSTANCES = 50;
const NAMES = ["arc-seal", "arc-message-signature", "arc-authentication-results"];

/**
 * By instance, the oldest first, of the fields from `start` on. Empty without ARC, and null where there is any doubt: a
 * set with a field missing or twice, a gap, an instance that is none. A verifier might have passed over such a field.
 */
export function arcSets(bytes: Uint8Array, start = 0): ArcSet[] | null {
  const values = valuesByInstance(bytes, start);
  if (values === null) return null;
  const sets: ArcSet[] = [];
  for (let instance = 1; sets.length * NAMES.length < values.size; instance++) {
    const sealer = tagOf(values.get(`${instance} arc-seal`) ?? "", "d");
    const results = values.get(`${instance} arc-authentication-results`);
    if (sealer === null || results === undefined || !values.has(`${instance} arc-message-signature`)) return null;
    sets.push({
      instance,
      sealer: sealer.toLowerCase(),
      results: parseResults(results.slice(results.indexOf(";") + 1)),
    });
  }
  return sets;
}

/** By instance and name. */
function valuesByInstance(bytes: Uint8Array, from: number): Map<string, string> | null {
  const values = new Map<string, string>();
  let isInOrder = true;
  eachField(bytes, (start, end) => {
    if (start < from || !begins(bytes, start, "arc-")) return true;
    const name = NAMES.find((candidate) => isNamed(bytes, start, candidate));
    if (name === undefined) return true;
    const value = fieldValue(bytes, { start, end });
    const instance = instanceOf(name, value);
    const key = `${instance} ${name}`;
    isInOrder = instance !== null && !values.has(key) && end - start <= MAX_VALUE_BYTES;
    values.set(key, value);
    return isInOrder;
  });
  return isInOrder ? values : null;
}

function instanceOf(name: string, value: string): number | null {
  // RFC 8617 §4.1.1: the instance stands in front of the results, and in the others it is a tag like any other.
  const text = name === "arc-authentication-results" ? /^\s*i\s*=\s*(\d+)\s*;/.exec(value)?.[1] : tagOf(value, "i");
  const instance = /^[1-9]\d?$/.test(text ?? "") ? Number(text) : null;
  return instance !== null && instance <= MAX_INSTANCES ? instance : null;
}

/** A tag's value in a tag list (RFC 6376 §3.2), without white space. Null where it is missing or there twice. */
function tagOf(value: string, name: string): string | null {
  const found = value.split(";").flatMap((tag) => {
    const [before, ...after] = tag.split("=");
    return before?.trim() === name ? [after.join("=").replace(/\s+/g, "")] : [];
  });
  return found.length === 1 ? (found[0] ?? null) : null;
}
