/** Look-ups as mailauth makes them: kept for a while, bounded for each message, none where nobody would answer. */
import { Resolver } from "node:dns/promises";
import { DnsBreaker } from "./dns-breaker.ts";
import { cached, type DnsAnswer, type Resolve } from "./dns-cache.ts";

export interface DnsOptions {
  /** `address` or `address:port`; without any, the system's. */
  servers: readonly string[];
  /** One question to one server. Each is asked twice. */
  timeoutMilliseconds?: number;
}

/** SPF alone may ask for 10 names with 10 hosts each (RFC 7208 §4.6.4). A message that needs more wants to do harm. */
const MAX_LOOKUPS = 150;

export class Dns {
  readonly #resolver: Resolver;
  readonly #breaker: DnsBreaker;
  readonly #resolve: Resolve;

  constructor({ servers, timeoutMilliseconds = 1_500 }: DnsOptions) {
    this.#resolver = new Resolver({ timeout: timeoutMilliseconds, tries: 2 });
    if (servers.length > 0) this.#resolver.setServers([...servers]);
    this.#breaker = new DnsBreaker({ probe: () => this.#askRoot() });
    this.#resolve = cached((name, type) => this.#ask(name, type));
  }

  /** Whether anybody would answer. */
  isReachable(): Promise<boolean> {
    return this.#breaker.mayAsk();
  }

  /** For one message. What is not answered when the time is up has failed, and what is known then makes the verdict. */
  forMessage(withinMilliseconds: number): Resolve {
    const late = new Promise<never>((_resolve, reject) => {
      setTimeout(() => reject(noAnswer()), withinMilliseconds).unref();
    });
    late.catch(() => undefined);
    let lookups = 0;
    return (name, type) => {
      if (++lookups > MAX_LOOKUPS) return Promise.reject(noAnswer());
      return Promise.race([late, this.#resolve(name, type)]);
    };
  }

  close(): void {
    this.#resolver.cancel();
  }

  async #ask(name: string, type: string): Promise<DnsAnswer> {
    if (!(await this.#breaker.mayAsk())) throw noAnswer();
    try {
      return await this.#look(name, type);
    } catch (error) {
      if (isSilence(error)) await this.#breaker.failed();
      throw error;
    }
  }

  #look(name: string, type: string): Promise<DnsAnswer> {
    switch (type) {
      case "TXT":
        return this.#resolver.resolveTxt(name);
      case "MX":
        return this.#resolver.resolveMx(name);
      case "A":
        return this.#resolver.resolve4(name);
      case "AAAA":
        return this.#resolver.resolve6(name);
      case "PTR":
        return this.#resolver.resolvePtr(name);
      default:
        return this.#resolver.resolveCname(name);
    }
  }

  async #askRoot(): Promise<void> {
    try {
      await this.#resolver.resolveNs(".");
    } catch (error) {
      // Any other error is an answer: that there is no such name, or that it is not for us.
      if (isSilence(error)) throw error;
    }
  }
}

const SILENCE = new Set(["ETIMEOUT", "ECONNREFUSED", "ECANCELLED"]);
const isSilence = (error: unknown): boolean =>
  error instanceof Error && "code" in error && SILENCE.has(String(error.code));

const noAnswer = (): Error => Object.assign(new Error("no answer from the DNS in time"), { code: "ETIMEOUT" });
