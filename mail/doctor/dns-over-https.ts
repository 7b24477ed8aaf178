/** Asks DNS over HTTPS (RFC 8484, in the wire format), so that the answer is the world's and not a local cache's. */
import { type DecodedPacket, decode, encode, RECURSION_DESIRED, type RecordType } from "dns-packet";

export const DEFAULT_DOH_URL = "https://cloudflare-dns.com/dns-query";

/** A resolver that gives up itself says SERVFAIL before this. */
const TIMEOUT_MS = 10_000;

/** Nobody can be asked at all: there is nothing to say about the domain. */
export class DohUnreachable extends Error {}

/** What DNS says, or why it did not say anything. No records and no such name are an answer: an empty one. */
export type Answer<T> = { known: true; records: T[] } | { known: false; why: string };

export interface Mx {
  host: string;
  priority: number;
}

export interface Dns {
  txt(name: string): Promise<Answer<string>>;
  mx(name: string): Promise<Answer<Mx>>;
  /** Addresses of either kind. */
  addresses(name: string): Promise<Answer<string>>;
}

/** RFC 1035 §4.1.1 */
const NOERROR = 0;
const NXDOMAIN = 3;
const CODES = new Map([
  [1, "FORMERR"],
  [2, "SERVFAIL"],
  [4, "NOTIMP"],
  [5, "REFUSED"],
]);

type Answers = NonNullable<DecodedPacket["answers"]>;

/** How bytes come and go is the caller's affair: a program's and a Worker's `fetch` are the same, and not the same. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export function dnsOverHttps(fetch: Fetch, url: string, timeoutMs = TIMEOUT_MS): Dns {
  const ask = async <T>(name: string, type: RecordType, read: (answers: Answers) => T[]): Promise<Answer<T>> => {
    const packet = await query(fetch, url, name, type, timeoutMs);
    if (typeof packet === "string") return { known: false, why: packet };
    const code = (packet.flags ?? 0) & 15;
    // NXDOMAIN says that there is no such name (RFC 2308 §2.1), which is an answer.
    if (code === NOERROR || code === NXDOMAIN) return { known: true, records: read(packet.answers ?? []) };
    return { known: false, why: `the domain's name servers gave no answer (${CODES.get(code) ?? `code ${code}`})` };
  };
  const addresses = (name: string, type: "A" | "AAAA") =>
    ask(name, type, (answers) => answers.flatMap((one) => (one.type === type ? [one.data] : [])));
  return {
    txt: (name) =>
      ask(name, "TXT", (answers) => answers.flatMap((one) => (one.type === "TXT" ? [joined(one.data)] : []))),
    mx: (name) =>
      ask(name, "MX", (answers) =>
        answers.flatMap((one) =>
          one.type === "MX" ? [{ host: canonicalName(one.data.exchange), priority: one.data.preference ?? 0 }] : [],
        ),
      ),
    async addresses(name) {
      const both = await Promise.all([addresses(name, "A"), addresses(name, "AAAA")]);
      const unknown = both.find(({ known }) => !known);
      const records = both.flatMap((answer) => (answer.known ? answer.records : []));
      return records.length === 0 && unknown !== undefined ? unknown : { known: true, records };
    },
  };
}

/** Whether one can ask for it: labels of 1 to 63 octets, 253 with the dots between them (RFC 1035 §2.3.4). */
export const isName = (name: string): boolean => {
  const labels = name.split(".").map((label) => Buffer.byteLength(label));
  return Buffer.byteLength(name) <= 253 && labels.every((octets) => octets > 0 && octets <= 63);
};

export const canonicalName = (name: string): string => name.toLowerCase().replace(/\.$/, "");

/** RFC 7208 §3.3, RFC 6376 §3.6.2.2: the strings of a record are joined without anything in between. */
function joined(data: string | Buffer | (string | Buffer)[]): string {
  return [data]
    .flat()
    .map((part) => part.toString())
    .join("");
}

/** The answer, or in a few words why there is none. */
async function query(
  fetch: Fetch,
  url: string,
  name: string,
  type: RecordType,
  timeoutMs: number,
): Promise<DecodedPacket | string> {
  // RFC 8484 §4.1: the id is 0, so that caches may answer.
  const question = encode({ type: "query", id: 0, flags: RECURSION_DESIRED, questions: [{ type, name }] });
  let response: Response;
  let bytes: ArrayBuffer;
  try {
    response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/dns-message", accept: "application/dns-message" },
      body: new Uint8Array(question),
      signal: AbortSignal.timeout(timeoutMs),
    });
    bytes = await response.arrayBuffer();
  } catch (error) {
    if (error instanceof Error && error.name === "TimeoutError") {
      return `no answer came within ${timeoutMs / 1000} seconds`;
    }
    throw new DohUnreachable(`DNS cannot be asked: no connection to ${url} (${reasonOf(error)})`);
  }
  if (!response.ok) throw new DohUnreachable(`DNS cannot be asked: ${url} answered ${response.status}`);
  const packet = decoded(bytes);
  // A page or an echo of the question may be read as a packet without records, and would be taken for "no such name".
  if (packet?.type === "response") return packet;
  throw new DohUnreachable(`DNS cannot be asked: what ${url} answers is no DNS. Is DOH_URL right?`);
}

function decoded(bytes: ArrayBuffer): DecodedPacket | null {
  try {
    return decode(Buffer.from(bytes));
  } catch {
    return null;
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
