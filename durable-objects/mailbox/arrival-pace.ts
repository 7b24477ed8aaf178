/**
 * How fast mail from outside comes into this mailbox: beyond it senders are put off, so that a flood costs its owner
 * some patience and nobody else anything. Kept in memory alone; an object that was evicted had no flood.
 *
 * A sender's domain has a part of it, by whether SPF stands behind it: who forges a domain uses up what is there for
 * forgers of that domain.
 */
import type { RefusalReason } from "../../contract/ingest.ts";
import { parseReceiveLimits, type ReceiveLimits } from "../../contract/receive-limits.ts";
import { domainOf } from "../../mail/address/address.ts";
import { Pace } from "../../mail/pace.ts";
import type { Letter } from "./letter.ts";

/** Of what a mailbox takes, so much may be of one domain. */
const DOMAIN_PART = 0.5;
const MAX_DOMAINS = 1000;
const ALL = "";

export class ArrivalPace {
  readonly #mailbox: Pace;
  readonly #domains: Pace;

  constructor({ mailbox_per_minute: per_minute, mailbox_burst: burst }: ReceiveLimits) {
    this.#mailbox = new Pace({ per_minute, burst }, 1);
    this.#domains = new Pace(
      { per_minute: per_minute * DOMAIN_PART, burst: Math.max(1, burst * DOMAIN_PART) },
      MAX_DOMAINS,
    );
  }

  /** Before the bytes nobody knows what SPF says: the domain's part is asked about at the delivery. */
  refusal(now: number): RefusalReason | null {
    return this.#mailbox.fits(ALL, now) ? null : "mailbox_too_fast";
  }

  /** Counts a letter that is not refused. What was acknowledged is counted and never refused. */
  take(letter: Letter, now: number): RefusalReason | null {
    const domain = domainKeyOf(letter);
    if (!letter.is_acknowledged) {
      if (!this.#mailbox.fits(ALL, now)) return "mailbox_too_fast";
      if (!this.#domains.fits(domain, now)) return "sender_too_fast";
    }
    this.#mailbox.count(ALL, now);
    this.#domains.count(domain, now);
    return null;
  }
}

function domainKeyOf({ return_path, examination }: Letter): string {
  const isBacked = examination?.authentication?.spf.result === "pass";
  return `${isBacked ? "pass" : ""} ${domainOf(return_path) ?? ""}`;
}

/** Null where there is no limit. A setting that cannot be read must not keep mail out. */
export function arrivalPace(setting: string | undefined): ArrivalPace | null {
  try {
    const limits = parseReceiveLimits(setting);
    return limits && new ArrivalPace(limits);
  } catch (error) {
    console.error("RECEIVE_LIMITS cannot be read, and the defaults hold", error);
    return arrivalPace(undefined);
  }
}
