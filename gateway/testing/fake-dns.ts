/** A DNS server as tests want it: a zone in memory, on a UDP port of 127.0.0.1, that can also fail and be silent. */
import { createSocket } from "node:dgram";
import { type Answer, decode, encode } from "dns-packet";

export type RecordType = "TXT" | "MX" | "A" | "AAAA" | "PTR" | "CNAME";

/** By name, then by type. MX are host names, in the order of their preference. */
export type DnsZone = Record<string, Partial<Record<RecordType, string[]>>>;

export interface FakeDns {
  /** `127.0.0.1:port` */
  server: string;
  zone: DnsZone;
  /** Names whose servers answer SERVFAIL, and names that nobody answers for; "" is the root. */
  fails: Set<string>;
  silent: Set<string>;
  asked: string[];
  close(): Promise<void>;
}

const AUTHORITATIVE = 0x400;
const SERVFAIL = 2;
const NXDOMAIN = 3;

export async function startDns(zone: DnsZone = {}): Promise<FakeDns> {
  const dns = { zone, fails: new Set<string>(), silent: new Set<string>(), asked: [] as string[] };
  const socket = createSocket("udp4");
  socket.on("message", (packet, { port, address }) => {
    const { id = 0, questions = [] } = decode(packet);
    const [{ name: asked, type } = { name: "", type: "A" as const }] = questions;
    const name = asked === "." ? "" : asked;
    dns.asked.push(`${type} ${name}`);
    if (dns.silent.has(name)) return;
    const answers = dns.fails.has(name) ? [] : answersOf(dns.zone, name.toLowerCase(), type);
    const code = dns.fails.has(name) ? SERVFAIL : exists(dns.zone, name.toLowerCase()) ? 0 : NXDOMAIN;
    socket.send(encode({ type: "response", id, flags: AUTHORITATIVE | code, questions, answers }), port, address);
  });
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
  return Object.assign(dns, {
    server: `127.0.0.1:${socket.address().port}`,
    close: () => new Promise<void>((resolve) => socket.close(() => resolve())),
  });
}

/** The same zone for a program that takes a function in place of a server. */
export function resolverOf({ zone, fails }: Pick<FakeDns, "zone" | "fails">) {
  return async (name: string, type: string): Promise<string[] | string[][]> => {
    if (fails.has(name)) throw Object.assign(new Error(name), { code: "ESERVFAIL" });
    const found = zone[name.toLowerCase()]?.[type as RecordType] ?? [];
    if (found.length === 0) {
      throw Object.assign(new Error(name), { code: exists(zone, name.toLowerCase()) ? "ENODATA" : "ENOTFOUND" });
    }
    if (type === "TXT") return found.map((text) => [text]);
    // @ts-expect-error mailauth's type of a resolver knows lists of strings only, and reads these for MX.
    return type === "MX" ? found.map((exchange, priority) => ({ exchange, priority })) : found;
  };
}

/** A name exists where something is below it (RFC 8020 §2). */
const exists = (zone: DnsZone, name: string): boolean =>
  name === "" || Object.keys(zone).some((known) => known === name || known.endsWith(`.${name}`));

function answersOf(zone: DnsZone, name: string, type: string): Answer[] {
  const found = zone[name]?.[type as RecordType] ?? [];
  switch (type) {
    case "TXT":
      return found.map((text) => ({ type, name, ttl: 60, data: text.match(/.{1,255}/gs) ?? [""] }));
    case "MX":
      return found.map((exchange, preference) => ({ type, name, ttl: 60, data: { preference, exchange } }));
    case "A":
    case "AAAA":
    case "PTR":
    case "CNAME":
      return found.map((data) => ({ type, name, ttl: 60, data }));
    default:
      return [];
  }
}
