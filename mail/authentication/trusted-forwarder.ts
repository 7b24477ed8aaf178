/**
 * Lists and forwarders break SPF, and often DKIM. One that this mesh trusts and that seals what it forwards (ARC, RFC
 * 8617 §7.2) may say that the message was right when it came there.
 */
import { domainIn, isAligned } from "./alignment.ts";
import type { ArcSet } from "./arc-sets.ts";
import { resultOf } from "./results-field.ts";

/**
 * `sets`: of a chain that was verified. Who sealed later saw the message later and may have changed it, so a set counts
 * only while all behind it are of trusted sealers too.
 */
export function forwarderVouches(sets: readonly ArcSet[], author: string, trusted: readonly string[]): boolean {
  for (const set of sets.toReversed()) {
    if (!trusted.some((name) => set.sealer === name || set.sealer.endsWith(`.${name}`))) return false;
    if (saysItWasRight(set, author)) return true;
  }
  return false;
}

/** It passed DMARC for this very domain, or what DMARC asks for: an aligned pass of DKIM or SPF. */
function saysItWasRight({ results }: ArcSet, author: string): boolean {
  const passed = results?.results.filter((finding) => resultOf(finding) === "pass") ?? [];
  return passed.some(({ method, properties }) => {
    if (method === "dmarc") return domainIn(properties.get("header.from")) === author;
    const name = {
      dkim: properties.get("header.d") ?? properties.get("header.i"),
      spf: properties.get("smtp.mailfrom"),
    };
    const domain = method === "dkim" || method === "spf" ? domainIn(name[method]) : null;
    return domain !== null && isAligned(domain, author);
  });
}
