/** The trace fields that this mesh puts in front of a message that it takes (RFC 5321 §4.4). */
import type { Authentication } from "../contract/authentication.ts";
import type { Hop } from "../contract/ingest.ts";
import { resultsHeader } from "./authentication/print-results.ts";

export interface Trace {
  /** Reverse-path, empty for `<>`. */
  mail_from: string;
  /** The recipients of this copy. */
  rcpt_to: string[];
  hop: Hop;
  hostname: string;
  /** The queue id that a postmaster would look for in the log. */
  id: string;
  received_at: number;
  /** What is said of the sender; null where nobody looked. */
  authentication: Authentication | null;
}

/** Return-Path, Authentication-Results and Received, each ending in CRLF. The message's own bytes follow unchanged. */
export const traceFields = ({ mail_from, ...trace }: Trace): string =>
  `Return-Path: ${pathOf(mail_from)}\r\n${hopFields(trace)}`;

/** Of a message that only passes through: its Return-Path is for the final delivery to write (RFC 5321 §4.4). */
export const hopFields = ({ authentication, ...trace }: Omit<Trace, "mail_from">): string =>
  // RFC 8601 §4.1: the results stand above the Received field of the host that they are of.
  (authentication === null ? "" : resultsHeader(clean(trace.hostname), authentication)) + receivedField(trace);

export function receivedField({
  rcpt_to,
  hop,
  hostname,
  id,
  received_at,
}: Omit<Trace, "mail_from" | "authentication">): string {
  const [only, ...others] = rcpt_to;
  // RFC 5321 §4.4: one path at most. Several would tell each recipient about the others.
  const forClause = only !== undefined && others.length === 0 ? `\r\n\tfor ${pathOf(only)}` : "";
  return (
    `Received: ${fromClause(hop)}by ${clean(hostname)} (Mailmesh)\r\n` +
    `\t${withClause(hop)}id ${id}${forClause};\r\n` +
    `\t${rfc5322Date(received_at)}\r\n`
  );
}

function fromClause({ helo, remote_address }: Hop): string {
  if (helo === undefined && remote_address === undefined) return "";
  const literal = remote_address?.includes(":") ? `IPv6:${remote_address}` : remote_address;
  const name = cleanDomain(helo ?? "unknown");
  return `from ${name}${literal === undefined ? "" : ` ([${clean(literal)}])`}\r\n\t`;
}

/** The registry of mail transmission types (IANA, RFC 3848 §3, RFC 6531 §4.3). There is none for HTTP or for inside. */
const WITH_PROTOCOL = /^(?:SMTP|ESMTPS?A?|LMTPS?A?|UTF8[SL]MTPS?A?)$/;

/** RFC 5321 §4.4: the clause may be left out, and names a registered protocol where it stands. */
function withClause({ protocol }: Hop): string {
  return protocol !== undefined && WITH_PROTOCOL.test(protocol) ? `with ${protocol} ` : "";
}

/** RFC 5321 §4.1.2: the quotes of a local part hold brackets as text. */
const QUOTED_LOCAL_PART = /^"(?:[^"\\\p{Cc}]|\\\P{Cc})*"(?=@)/u;

/** An envelope address as it is written. Brackets elsewhere than in quotes would end the path early. */
function pathOf(address: string): string {
  const [quoted] = QUOTED_LOCAL_PART.exec(address) ?? [""];
  return `<${quoted}${clean(address.slice(quoted.length))}>`;
}

/** RFC 5322 §3.3, in UTC. */
const rfc5322Date = (milliseconds: number): string => new Date(milliseconds).toUTCString().replace("GMT", "+0000");

/** Nothing that came over the wire may break out of its field. */
const clean = (text: string): string => text.replaceAll(/[\p{Cc}<>]/gu, "?");

/** What a client says of itself in EHLO may be anything. */
const cleanDomain = (text: string): string => text.replaceAll(/[^\w.:[\]-]/g, "?").slice(0, 255) || "unknown";
