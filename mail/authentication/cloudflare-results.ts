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
import { fieldsOf, fieldValue } from "../header-fields.ts";
import { type MethodResult, parseResults, type ResultsField } from "./results-field.ts";
import { sameName } from "./without-results.ts";

const AUTHSERV_ID = "mx.cloudflare.net";
const RECEIVER = /\bby cloudflare-email\.net\b/;

export interface CloudflareResults {
  field: ResultsField;
  /** Where the sender's own fields begin, at the latest. */
  end: number;
}

export function cloudflareResults(bytes: Uint8Array): CloudflareResults | null {
  let isReceived = false;
  for (const field of fieldsOf(bytes)) {
    if (!isReceived) {
      if (field.name !== "received" || !RECEIVER.test(unfolded(fieldValue(bytes, field)))) return null;
      isReceived = true;
    } else if (field.name === "authentication-results") {
      const results = parseResults(fieldValue(bytes, field));
      if (results === null || !sameName(results.authserv_id, AUTHSERV_ID)) return null;
      return { field: { ...results, results: beforeSpf(results.results) }, end: field.end };
    } else if (!isWrittenByCloudflare(field.name)) {
      return null;
    }
  }
  return null;
}

const isWrittenByCloudflare = (name: string): boolean =>
  name.startsWith("arc-") || name.startsWith("x-cf-") || name === "received-spf";

const unfolded = (text: string): string => text.replace(/\s+/g, " ");

/**
 * The sender's address and host stand in the results of SPF. Should one ever be quoted wrongly there, it could look like
 * further results: those of DKIM and DMARC are written in front, and are read only there.
 */
function beforeSpf(results: readonly MethodResult[]): MethodResult[] {
  const spf = results.findIndex(({ method }) => method === "spf");
  return results.filter(({ method }, n) => spf === -1 || n < spf || method === "spf" || method === "arc");
}
