/**
 * Authentication-Results (RFC 8601 §2.2) as text in, what it says out. One reader for what a gateway hands over, for
 * Cloudflare's field and for the copies in ARC sets (RFC 8617 §4.1.1). It never throws and reads each character once;
 * what cannot be read of one result is left out, and the results behind it are read all the same.
 */
import type { AuthenticationResult } from "../../contract/authentication.ts";
import { FieldScanner } from "./field-scanner.ts";

export interface MethodResult {
  /** Lower case: `spf`, `dkim`, `dmarc`, `arc` … */
  method: string;
  /** Lower case: `pass`, `fail` … */
  result: string;
  reason: string | null;
  /** By `ptype.property` in lower case: `header.d`, `smtp.mailfrom`. Of two with one name the first counts. */
  properties: ReadonlyMap<string, string>;
  /** What stands in parentheses, without them. */
  comments: readonly string[];
}

export interface ResultsField {
  /** Who looked (RFC 8601 §2.5). */
  authserv_id: string;
  results: readonly MethodResult[];
}

/** Nobody has more to say; what is longer was not written to be read. */
const MAX_RESULTS_CHARACTERS = 16_384;
const MAX_RESULTS = 100;

/** The value of the field, folded or not. Null where not even an authserv-id is there. */
export function parseResults(text: string): ResultsField | null {
  if (text.length > MAX_RESULTS_CHARACTERS) return null;
  const scanner = new FieldScanner(text);
  const authserv_id = scanner.value();
  if (authserv_id === null || authserv_id === "") return null;
  const version = scanner.value();
  // RFC 8601 §2.2: a version other than 1 may mean something else by the same words.
  if (version !== null && version !== "1") return null;
  const results: MethodResult[] = [];
  while (scanner.take(";") && results.length < MAX_RESULTS) {
    const result = readResult(scanner);
    if (result !== null) results.push(result);
    scanner.skipTo(";");
  }
  return { authserv_id, results };
}

/** `method[/version]=result [reason="…"] ptype.property=value …`, or null: `none`, and what is not understood. */
function readResult(scanner: FieldScanner): MethodResult | null {
  const method = scanner.keyword();
  if (method === null) return null;
  if (scanner.take("/") && scanner.keyword() !== "1") return null;
  if (!scanner.take("=")) return null;
  const result = scanner.keyword();
  if (result === null) return null;
  scanner.comments.length = 0;
  const properties = readProperties(scanner);
  const { reason = null, ...others } = Object.fromEntries(properties);
  return { method, result, reason, properties: new Map(Object.entries(others)), comments: [...scanner.comments] };
}

function readProperties(scanner: FieldScanner): Map<string, string> {
  const properties = new Map<string, string>();
  for (;;) {
    const type = scanner.keyword();
    if (type === null) return properties;
    const property = scanner.take(".") ? scanner.keyword() : "";
    if (property === null || !scanner.take("=")) return properties;
    // Microsoft writes `action=none` without a ptype.
    const name = property === "" ? type : `${type}.${property}`;
    const value = scanner.value();
    if (value === null) return properties;
    if (!properties.has(name)) properties.set(name, value);
  }
}

/** RFC 8601 §2.7.6: a result that is not known counts as if it were not there. Some still write the words of drafts. */
export function resultOf(finding: MethodResult | undefined): AuthenticationResult | null {
  if (finding?.result === "hardfail") return "fail";
  return RESULTS.find((result) => result === finding?.result) ?? null;
}

const RESULTS: readonly AuthenticationResult[] = [
  "none",
  "neutral",
  "pass",
  "fail",
  "softfail",
  "policy",
  "temperror",
  "permerror",
];
