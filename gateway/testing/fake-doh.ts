/** DNS over HTTPS as tests want it: a zone in memory, on plain HTTP, that can also fail in each way that DNS does. */
import { createServer, type Server } from "node:http";
import { type Answer, decode, encode } from "dns-packet";

export interface Zone {
  TXT?: Record<string, string[]>;
  MX?: Record<string, string[]>;
  A?: Record<string, string[]>;
  /** Names whose servers answer SERVFAIL, and names that nobody answers for. */
  fails?: string[];
  silent?: string[];
}

export interface FakeDoh {
  url: string;
  zone: Zone;
  asked: string[];
  /** In place of an answer, when set. */
  breaks: { status: number; body: string } | null;
  close(): void;
}

const SERVFAIL = 2;

export async function startDoh(zone: Zone): Promise<FakeDoh> {
  const doh: Omit<FakeDoh, "url" | "close"> = { zone, asked: [], breaks: null };
  const server: Server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    if (doh.breaks !== null) return void response.writeHead(doh.breaks.status).end(doh.breaks.body);
    const { questions = [] } = decode(Buffer.concat(chunks));
    const [{ name, type } = { name: "", type: "A" as const }] = questions;
    doh.asked.push(`${type} ${name}`);
    if (doh.zone.silent?.includes(name)) return;
    const flags = doh.zone.fails?.includes(name) ? SERVFAIL : 0;
    const answers = flags === 0 ? answersOf(doh.zone, name, type) : [];
    const packet = encode({ type: "response", id: 0, flags, questions, answers });
    response.writeHead(200, { "content-type": "application/dns-message" }).end(packet);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return Object.assign(doh, {
    url: `http://127.0.0.1:${port}/dns-query`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  });
}

function answersOf({ TXT, MX, A }: Zone, name: string, type: string): Answer[] {
  if (type === "TXT") return (TXT?.[name] ?? []).map((text) => ({ type, name, ttl: 60, data: stringsOf(text) }));
  if (type === "A") return (A?.[name] ?? []).map((data) => ({ type, name, ttl: 60, data }));
  if (type !== "MX") return [];
  return (MX?.[name] ?? []).map((exchange, n) => ({ type, name, ttl: 60, data: { preference: n, exchange } }));
}

const stringsOf = (text: string): string[] => text.match(/.{1,255}/g) ?? [""];
