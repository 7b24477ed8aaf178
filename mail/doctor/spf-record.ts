/** An SPF record, read (RFC 7208 §4.6.1, §12): what receivers heed of it, and what they would stumble over. */
import { isIPv4, isIPv6 } from "node:net";

export interface Term {
  qualifier: string;
  name: string;
  value: string;
}

export interface SpfRecord {
  /** Those that a receiver comes to. */
  terms: Term[];
  mistakes: string[];
}

export const isSpf = (record: string): boolean => /^v=spf1(?: |$)/i.test(record);

const MECHANISM = /^([+?~-]?)(all|include|a|mx|ptr|ip4|ip6|exists)(?:([:/])(.+))?$/i;
const MODIFIER = /^([a-z][a-z0-9_.-]*)=(.*)$/i;

export function readSpf(record: string): SpfRecord {
  const words = record.split(" ").slice(1);
  const read = words.filter((word) => word !== "").map((word) => readTerm(word) ?? word);
  return {
    terms: heeded(read.filter((term) => typeof term !== "string")),
    mistakes: read.filter((term) => typeof term === "string"),
  };
}

/** Null: a mistake. */
function readTerm(word: string): Term | null {
  const [, sign = "", mechanism, separator = "", value = ""] = MECHANISM.exec(word) ?? [];
  if (mechanism !== undefined) {
    const name = mechanism.toLowerCase();
    return isValueOf(name, separator, value) ? { qualifier: sign || "+", name, value } : null;
  }
  const [, modifier, target = ""] = MODIFIER.exec(word) ?? [];
  return modifier === undefined ? null : { qualifier: "", name: `${modifier.toLowerCase()}=`, value: target };
}

/** RFC 7208 §5: what may follow the name of each mechanism. */
function isValueOf(name: string, separator: string, value: string): boolean {
  if (name === "all") return separator === "";
  if (name === "include" || name === "exists") return separator === ":";
  if (name === "ip4") return separator === ":" && isNetwork(value, isIPv4, 32);
  if (name === "ip6") return separator === ":" && isNetwork(value, isIPv6, 128);
  return true;
}

function isNetwork(text: string, isAddress: (text: string) => boolean, bits: number): boolean {
  const [address = "", length = String(bits), ...more] = text.split("/");
  return more.length === 0 && isAddress(address) && /^\d{1,3}$/.test(length) && Number(length) <= bits;
}

/** RFC 7208 §5.1, §6.1: nobody looks behind an `all`, and it makes a `redirect=` void wherever that stands. */
function heeded(terms: Term[]): Term[] {
  const all = terms.findIndex(({ name }) => name === "all");
  return all === -1 ? terms : terms.slice(0, all + 1).filter(({ name }) => name !== "redirect=");
}
