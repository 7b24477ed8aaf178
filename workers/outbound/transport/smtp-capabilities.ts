/** What a server says in answer to EHLO (RFC 5321 §4.1.1.1), as far as this client can use it. */
import type { Reply } from "./smtp-replies.ts";

export interface Capabilities {
  /** RFC 2920 */
  pipelining: boolean;
  /** RFC 6152 */
  eightBitMime: boolean;
  /** RFC 6531 */
  smtpUtf8: boolean;
  /** RFC 3207 */
  startTls: boolean;
  /** RFC 1870: whether MAIL takes SIZE, and the largest message, or null if the server names no limit. */
  size: { limit: number | null } | null;
  /** RFC 4954: mechanisms in capitals. */
  auth: ReadonlySet<string>;
}

/** A server that only knows HELO can do nothing of this. */
export const NO_CAPABILITIES: Capabilities = {
  pipelining: false,
  eightBitMime: false,
  smtpUtf8: false,
  startTls: false,
  size: null,
  auth: new Set(),
};

export function capabilitiesIn(reply: Reply): Capabilities {
  const parameters = new Map<string, string[]>();
  // The first line is the server's name and greeting.
  for (const line of reply.lines.slice(1)) {
    // Old servers write `AUTH=PLAIN LOGIN` for clients that know no better; some write only that.
    const [keyword = "", ...rest] = line
      .toUpperCase()
      .replace(/^AUTH=/, "AUTH ")
      .split(/\s+/);
    parameters.set(keyword, [...(parameters.get(keyword) ?? []), ...rest]);
  }
  const size = parameters.get("SIZE");
  return {
    pipelining: parameters.has("PIPELINING"),
    eightBitMime: parameters.has("8BITMIME"),
    smtpUtf8: parameters.has("SMTPUTF8"),
    startTls: parameters.has("STARTTLS"),
    size: size === undefined ? null : { limit: sizeLimit(size[0]) },
    auth: new Set(parameters.get("AUTH")),
  };
}

/** RFC 1870 §3: 0 means no fixed limit, and twenty digits are allowed, more than a number holds exactly. */
function sizeLimit(text: string | undefined): number | null {
  if (text === undefined || !/^\d{1,20}$/.test(text)) return null;
  const limit = Number(text);
  return limit === 0 ? null : limit;
}
