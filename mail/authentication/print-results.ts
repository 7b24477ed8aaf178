/**
 * Authentication-Results as text. Only what is known to be harmless is written: keywords, domains, selectors. Local
 * parts of addresses are left out (RFC 8601 §2.7.2 lets them), so nothing that a sender chose can look like a result.
 */
import type { Authentication } from "../../contract/authentication.ts";
import { parseDomain } from "../address/domain.ts";

/** What is to be written of one method; properties that are null are left out. */
export interface Finding {
  method: string;
  result: string;
  reason?: string | null;
  properties?: Record<string, string | null>;
}

/** The value in one line, as it goes into a header of HTTP. */
export const printResults = (authservId: string, findings: readonly Finding[]): string =>
  linesOf(authservId, findings).join(" ");

/** The field with its CRLF, a line for each result. */
export function resultsHeader(authservId: string, { spf, dkim, dmarc, arc, override }: Authentication): string {
  const findings: Finding[] = [
    ...dkim.map(({ result, domain, selector }) => {
      return { method: "dkim", result, properties: { "header.d": domain, "header.s": selector } };
    }),
    {
      method: "dmarc",
      result: dmarc.result,
      reason: override === null ? null : "let pass for a trusted forwarder",
      properties: { "header.from": dmarc.domain, "policy.dmarc": dmarc.policy },
    },
    { method: "spf", result: spf.result, properties: { "smtp.mailfrom": spf.domain } },
    ...(arc === null ? [] : [{ method: "arc", result: arc.result }]),
  ];
  return `Authentication-Results: ${linesOf(authservId, findings).join("\r\n\t")}\r\n`;
}

function linesOf(authservId: string, findings: readonly Finding[]): string[] {
  const sections = findings.map(sectionOf);
  // RFC 8601 §2.2: `none` where nothing was looked at.
  return [authservId, ...(sections.length === 0 ? ["none"] : sections)].map((line, n, all) =>
    n === all.length - 1 ? line : `${line};`,
  );
}

function sectionOf({ method, result, reason = null, properties = {} }: Finding): string {
  const words = [`${method}=${result}`];
  if (reason !== null && SAFE_REASON.test(reason)) words.push(`reason="${reason}"`);
  for (const [name, value] of Object.entries(properties)) {
    const text = value === null ? null : safeValue(value);
    if (text !== null) words.push(`${name}=${text}`);
  }
  return words.join(" ");
}

const SAFE_REASON = /^[a-z0-9 ,.:=_-]{1,100}$/i;
/** RFC 8601 §2.2: a token, or a domain name. Underscores occur in names of real hosts. */
const SAFE_VALUE = /^[a-z0-9_](?:[a-z0-9._-]{0,251}[a-z0-9_])?$/i;

function safeValue(value: string): string | null {
  if (SAFE_VALUE.test(value)) return value.toLowerCase();
  const domain = parseDomain(value);
  return domain.ok ? domain.value : null;
}
