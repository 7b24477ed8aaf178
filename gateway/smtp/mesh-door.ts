/** The mesh's door for mail, `/ingest`: would this recipient be taken, and here is the message. See contract/ingest.ts. */
import { type Envelope, type Hop, IngestReply, type RecipientOutcome } from "../../contract/ingest.ts";
import { batchesOf, queryOf } from "./batches.ts";
import { MeshHttp, MeshUnavailable } from "./mesh-http.ts";

export interface DoorOptions {
  /** Base address of the mesh, `http://127.0.0.1:8787`. */
  url: string;
  ingestSecret: string;
  /** RFC 5321 §4.5.3.2.3: a client waits 5 minutes at RCPT. Answer long before. */
  askTimeoutMilliseconds?: number;
  /** RFC 5321 §4.5.3.2.6: a client waits 10 minutes after the end of DATA. */
  deliverTimeoutMilliseconds?: number;
}

export class MeshDoor {
  readonly #http: MeshHttp;
  readonly #askTimeout: number;
  readonly #deliverTimeout: number;

  constructor(options: DoorOptions) {
    this.#http = new MeshHttp(options.url, options.ingestSecret);
    this.#askTimeout = options.askTimeoutMilliseconds ?? 20_000;
    this.#deliverTimeout = options.deliverTimeoutMilliseconds ?? 60_000;
  }

  async ask(mailFrom: string, rcptTo: string): Promise<RecipientOutcome> {
    const target = `/ingest?${queryOf(mailFrom, [rcptTo])}`;
    const [outcome] = await this.#call({ method: "GET", target, timeoutMilliseconds: this.#askTimeout }, 1);
    if (outcome === undefined) throw new MeshUnavailable("an answer without an outcome");
    return outcome;
  }

  /** One outcome for each recipient, in the order of the envelope. The first failed request fails the whole. */
  async deliver(
    envelope: Envelope,
    hop: Hop,
    message: { chunks: readonly Buffer[]; size: number },
    authenticationResults?: string,
  ) {
    const outcomes: RecipientOutcome[] = [];
    for (const batch of batchesOf(envelope, hop)) {
      const target = `/ingest?${queryOf(envelope.mail_from, batch, hop)}`;
      const common = { timeoutMilliseconds: this.#deliverTimeout, body: message, authenticationResults };
      const request = { method: "POST", target, ...common } as const;
      outcomes.push(...(await this.#call(request, batch.length)));
    }
    return outcomes;
  }

  close(): void {
    this.#http.close();
  }

  async #call(request: Parameters<MeshHttp["send"]>[0], recipients: number): Promise<RecipientOutcome[]> {
    const answer = await this.#http.send(request);
    if (answer.status !== 200) throw new MeshUnavailable(`${request.method} /ingest answered ${answer.status}`);
    const reply = IngestReply.safeParse(parseJson(answer.text));
    if (!reply.success)
      throw new MeshUnavailable(`${request.method} /ingest answered something else than an IngestReply`);
    if (reply.data.recipients.length !== recipients) {
      throw new MeshUnavailable(`${reply.data.recipients.length} outcomes for ${recipients} recipients`);
    }
    return reply.data.recipients;
  }
}

/** What is no JSON parses to nothing, which no schema accepts. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
