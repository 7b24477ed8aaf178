/**
 * The ESMTP parameters behind the path of MAIL and RCPT: whether they are ones that EHLO offered. What a known one may
 * say (a SIZE too large, a BODY of another kind) the package answers itself; of unknown ones it takes any.
 */
import type { SmtpReply } from "../../contract/ingest.ts";

/** RFC 5321 §4.1.2: esmtp-keyword, and a value without "=" that is read elsewhere. */
const PARAMETER = /^([a-z0-9][a-z0-9-]*)(?:=.*)?$/i;

/** RFC 1870 §3, RFC 6152 §2, RFC 6531 §3.4: what belongs to SIZE, 8BITMIME and SMTPUTF8. RCPT gets nothing by them. */
const OFFERED = { MAIL: ["SIZE", "BODY", "SMTPUTF8"], RCPT: [] } as const;

/** The reply to a parameter that cannot be obeyed, or undefined where there is none. */
export function refuseParameters(
  text: string,
  verb: "MAIL" | "RCPT",
  { withAuth }: { withAuth: boolean },
): SmtpReply | undefined {
  // RFC 4954 §5: a server that offers AUTH takes AUTH= at MAIL.
  const known: readonly string[] = withAuth && verb === "MAIL" ? [...OFFERED.MAIL, "AUTH"] : OFFERED[verb];
  const keywords = text.split(/\s+/).flatMap((word) => (word === "" ? [] : [PARAMETER.exec(word)?.[1]?.toUpperCase()]));
  if (keywords.includes(undefined)) return { code: 501, status: "5.5.4", text: `Bad parameter of ${verb}` };
  // RFC 5321 §4.1.1.11. To take a parameter and not obey it would promise what nobody keeps: NOTIFY, REQUIRETLS.
  const unknown = keywords.find((keyword) => keyword !== undefined && !known.includes(keyword));
  if (unknown === undefined) return undefined;
  return { code: 555, status: "5.5.4", text: `Parameter of ${verb} not known: ${unknown.slice(0, 40)}` };
}
