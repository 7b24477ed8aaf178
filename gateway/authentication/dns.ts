/** Look-ups as mailauth makes them: kept for a while, bounded for each message, none where nobody would answer. */
import { Resolver } from "node:dns/promises";
import { DnsBreaker } from "./dns-breaker.ts";
import { cached, type DnsAnswer, type Resolve } from "./dns-cache.ts";
import { LookupBudget, noAnswer } from "./lookup-budget.ts";

export interface DnsOptions {
  /** `address` or `address:port`; without any, the system's. */
  servers: readonly string[];
  /** One question to one server. Each is asked twice. */
  timeoutMilliseconds?: number;
}

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

  /**
   * For one message. What is not answered in time has failed, and what is known then makes the verdict. The sender chooses
   * the names of keys and of SPF, and their servers: whatever time they take, the policy of the domain in From has its own.
   */
  forMessage(withinMilliseconds: number): Resolve {
    const [ofSender, ofPolicy] = [new LookupBudget(withinMilliseconds), new LookupBudget(withinMilliseconds)];
    return (name, type) => {
      const budget = name.toLowerCase().startsWith("_dmarc.") ? ofPolicy : ofSender;
      return budget.wait(() => this.#resolve(name, type));
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
