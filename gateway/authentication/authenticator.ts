/**
 * Who a message is really from: SPF, DKIM, DMARC and ARC by mailauth, with look-ups that are bounded in number and time.
 * The outcome is the value of an Authentication-Results field for the mesh (contract/ingest.ts), which judges it.
 */
import { Readable } from "node:stream";
import { authenticate, type DNSResolver } from "mailauth";
import type { Envelope, Hop } from "../../contract/ingest.ts";
import { claimedDomainsOf } from "../../mail/authentication/author.ts";
import { type Finding, printResults } from "../../mail/authentication/print-results.ts";
import { dmarcOfAuthors } from "./dmarc-of-authors.ts";
import { Dns, type DnsOptions } from "./dns.ts";
import { findingsOf, noAnswers } from "./findings.ts";
import { inTurns } from "./in-turns.ts";
import { headerToVerify, toVerify } from "./to-verify.ts";

export interface AuthenticatorOptions extends DnsOptions {
  /** The authserv-id (RFC 8601 §2.5). */
  hostname: string;
  /** For all look-ups of one message: its sender waits for the answer meanwhile. */
  withinMilliseconds?: number;
}

export class Authenticator {
  readonly #options: AuthenticatorOptions;
  readonly #dns: Dns;

  constructor(options: AuthenticatorOptions) {
    this.#options = options;
    this.#dns = new Dns(options);
  }

  /** Never rejects: of a message that cannot be looked at nothing is known. */
  async results(envelope: Envelope, hop: Hop, chunks: readonly Buffer[]): Promise<string> {
    return printResults(this.#options.hostname, await this.#findings(envelope, hop, chunks));
  }

  close(): void {
    this.#dns.close();
  }

  async #findings(envelope: Envelope, hop: Hop, chunks: readonly Buffer[]): Promise<Finding[]> {
    try {
      return (await this.#dns.isReachable()) ? await this.#look(envelope, hop, chunks) : noAnswers();
    } catch (error) {
      console.error("a message could not be authenticated", error);
      return noAnswers();
    }
  }

  async #look({ mail_from }: Envelope, { helo = "", remote_address = "" }: Hop, chunks: readonly Buffer[]) {
    const { hostname, withinMilliseconds = 4_000 } = this.#options;
    const resolve = this.#dns.forMessage(withinMilliseconds);
    // The package's types know lists of strings only; for MX it reads the objects that Node's resolver gives.
    const resolver = ((name, type) => resolve(name, type)) as DNSResolver;
    const found = await authenticate(Readable.from(inTurns(toVerify(chunks))), {
      ip: remote_address,
      helo,
      sender: mail_from,
      mta: hostname,
      resolver,
      disableBimi: true,
    });
    const claimed = claimedDomainsOf(headerToVerify(chunks));
    return findingsOf(found, await dmarcOfAuthors(found, claimed, resolver), mail_from === "");
  }
}
