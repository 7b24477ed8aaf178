/**
 * What Cloudflare's MX found, read from the message that Email Routing hands over. Cloudflare writes its fields in front
 * of what the sender wrote, as seen on messages of 2025 and 2026:
 *
 *     Received: from … by cloudflare-email.net (cloudflare) id …
 *     ARC-Seal, ARC-Message-Signature, ARC-Authentication-Results
 *     Received-SPF: …
 *     Authentication-Results: mx.cloudflare.net; dkim=… ; dmarc=… ; spf=… smtp.helo=…; spf=… smtp.mailfrom=…; arc=…
 *     X-CF-SpamH-Score: …
 *
 * and then comes the sender's, who may have written all of this as well. So only the topmost results count, only among
 * fields of these kinds at the very top, below Cloudflare's Received and above any other.
 */
import { begins, eachField, type FieldPlace, fieldValue, isNamed } from "../header-fields.ts";
import { type MethodResult, parseResults, type ResultsField } from "./results-field.ts";
import { sameName } from "./without-results.ts";

const AUTHSERV_ID = "mx.cloudflare.net";
/** Cloudflare writes six or seven. */
const MAX_FIELDS = 20;
const RECEIVER = /\bby cloudflare-email\.net\b/;

export interface CloudflareResults {
  field: ResultsField;
  /** Where the sender's own fields begin, at the latest. */
  end: number;
}

export function cloudflareResults(bytes: Uint8Array): CloudflareResults | null {
  const places: FieldPlace[] = [];
  eachField(bytes, (start, end) => {
    places.push({ start, end });
    return places.length < MAX_FIELDS && (places.length === 1 || isBeforeResults(bytes, start));
  });
  const [received, ...others] = places;
  const field = others.at(-1);
  if (received === undefined || field === undefined) return null;
  if (!isNamed(bytes, received.start, "received") || !RECEIVER.test(unfolded(fieldValue(bytes, received)))) return null;
  if (!isNamed(bytes, field.start, "authentication-results")) return null;
  const results = parseResults(fieldValue(bytes, field));
  if (results === null || !sameName(results.authserv_id, AUTHSERV_ID)) return null;
  return { field: { ...results, results: beforeSpf(results.results) }, end: field.end };
}

const isBeforeResults = (bytes: Uint8Array, start: number): boolean =>
  begins(bytes, start, "arc-") || begins(bytes, start, "x-cf-") || isNamed(bytes, start, "received-spf");

const unfolded = (text: string): string => text.replace(/\s+/g, " ");

/**
 * The sender's address and host stand in the results of SPF. Should one ever be quoted wrongly there, it could look like
 * further results: those of DKIM and DMARC are written in front, and are read only there.
 */
function beforeSpf(results: readonly MethodResult[]): MethodResult[] {
  const spf = results.findIndex(({ method }) => method === "spf");
  return results.filter(({ method }, n) => spf === -1 || n < spf || method === "spf" || method === "arc");
}
