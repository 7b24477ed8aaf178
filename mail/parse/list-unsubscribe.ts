/** How a list or a mailing can be left: List-Unsubscribe (RFC 2369 §3.2) and List-Unsubscribe-Post (RFC 8058 §3.1). */
import type { Authentication } from "../../contract/authentication.ts";
import type { ListUnsubscribe } from "../../contract/list-unsubscribe.ts";
import { type Field, fieldText, fieldTexts } from "./fields.ts";
import { readStructure } from "./structure.ts";

const MAX_ADDRESS = 2000;
const MAX_ADDRESSES = 10;
const UNSUBSCRIBE = "list-unsubscribe";
const POST = "list-unsubscribe-post";

/** `header`: the message, or as much of it as has its header. Null where there is nothing to leave it by. */
export function readListUnsubscribe(header: Uint8Array, authentication: Authentication | null): ListUnsubscribe | null {
  const { fields } = readStructure(header).root;
  const addresses = addressesIn(fieldText(fields, UNSUBSCRIBE) ?? "");
  const first = (scheme: RegExp) => addresses.find((address) => scheme.test(address)) ?? null;
  const secure = first(/^https:\/\//i);
  const web = secure ?? first(/^http:\/\//i);
  const mailto = first(/^mailto:[^?]*(?:@|%40)/i);
  if (web === null && mailto === null) return null;
  return { one_click: isOneClick(fields, authentication) ? secure : null, web, mailto };
}

/** RFC 2369 §2: addresses in angle brackets, the one that is liked best first. White space in them was put there by folding. */
function addressesIn(value: string): string[] {
  return Array.from(value.matchAll(/<([^<>]{1,4000})>/g), ([, address = ""]) => address.replaceAll(/\s+/g, ""))
    .slice(0, MAX_ADDRESSES)
    .filter((address) => address.length <= MAX_ADDRESS && URL.canParse(address));
}

/**
 * RFC 8058 §4: both fields must be covered by a signature that is valid, or else anybody on the way may have written them,
 * and one click asks an address of his. Who made the signature does not matter. Of several fields of a name a signature
 * may cover another one than is read, so there must be one of each.
 */
function isOneClick(fields: readonly Field[], authentication: Authentication | null): boolean {
  const one = (name: string) => fieldTexts(fields, name).length === 1;
  const [asked = ""] = fieldTexts(fields, POST);
  if (!one(UNSUBSCRIBE) || !one(POST) || !/^List-Unsubscribe\s*=\s*One-Click$/i.test(asked.trim())) return false;
  const valid = authentication?.dkim.filter(({ result }) => result === "pass") ?? [];
  return fieldTexts(fields, "dkim-signature").some((signature) => {
    const { d, s, h } = tagsOf(signature);
    const covered = (h ?? "").toLowerCase().split(":");
    return (
      valid.some(({ domain, selector }) => isSame(domain, d) && isSame(selector, s)) &&
      [UNSUBSCRIBE, POST].every((name) => covered.includes(name))
    );
  });
}

const isSame = (verified: string | null, claimed: string | undefined): boolean =>
  verified !== null && verified.toLowerCase() === claimed?.toLowerCase();

/** RFC 6376 §3.2: tags and values; a tag that comes twice makes the whole invalid, and then no verdict says `pass`. */
function tagsOf(signature: string): Partial<Record<string, string>> {
  const pairs = signature.split(";").map((pair) => {
    const at = pair.indexOf("=");
    return [pair.slice(0, at).trim(), pair.slice(at + 1).replaceAll(/\s+/g, "")] as const;
  });
  return Object.fromEntries(pairs);
}
