/** Who a message is really from: what somebody whom this mesh trusts says of it, judged. */
import type { Authentication } from "../../contract/authentication.ts";
import type { Warning } from "../../contract/warnings.ts";
import { arcSets } from "../../mail/authentication/arc-sets.ts";
import { authorDomainOf, authorsOf } from "../../mail/authentication/author.ts";
import { cloudflareResults } from "../../mail/authentication/cloudflare-results.ts";
import { hasDoubledFields } from "../../mail/authentication/doubled-fields.ts";
import { judge } from "../../mail/authentication/judge.ts";
import type { ResultsField } from "../../mail/authentication/results-field.ts";
import type { Env } from "../env.ts";
import { canonicalAddress } from "../outbound/own-address.ts";

/** Who can say something of a message that comes in, besides the message itself. */
export type Witness =
  /** The gateway, or another MTA that holds the ingest secret, and what it said. */
  | { hop: ResultsField }
  /** Cloudflare's MX, which writes it into the message. */
  | "cloudflare"
  /** Nobody: an account of this mesh wrote it, and this address is its own. */
  | { account_address: string }
  | null;

/** Forwarders and lists that seal what they pass on (ARC), and are known to tell the truth about it. */
const TRUSTED_SEALERS =
  "google.com,microsoft.com,cloudflare-email.net,messagingengine.com,fastmail.com,pobox.com,topicbox.com,icloud.com";

/** Never throws. Null where nobody looked. */
export function authenticate(env: Env, bytes: Uint8Array, witness: Witness): Authentication | null {
  if (witness === null) return null;
  if (witness !== "cloudflare" && "account_address" in witness) {
    return isBy(witness.account_address, bytes) ? ofOwnAccount(env, bytes) : null;
  }
  const said = witness === "cloudflare" ? cloudflareResults(bytes) : { field: witness.hop, end: 0 };
  if (said === null) return null;
  const trusted_sealers = (env.TRUSTED_ARC_SEALERS ?? TRUSTED_SEALERS)
    .split(",")
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== "" && name !== "none");
  return judge({
    field: said.field,
    author: authorDomainOf(bytes),
    arc_sets: arcSets(bytes, said.end),
    has_doubled_fields: hasDoubledFields(bytes),
    trusted_sealers,
  });
}

/** What an account passes on for somebody else is from somebody else. */
function isBy(address: string, bytes: Uint8Array): boolean {
  const [author, ...others] = authorsOf(bytes) ?? [];
  return author !== undefined && others.length === 0 && canonicalAddress(author) === canonicalAddress(address);
}

/** It never left the mesh, so there was nothing to look up: its From was checked when it was handed in. */
const ofOwnAccount = (env: Env, bytes: Uint8Array): Authentication => ({
  by: env.HOSTNAME,
  sender: "verified",
  spf: { result: "none", domain: null },
  dkim: [],
  dmarc: { result: "none", domain: authorDomainOf(bytes), policy: null },
  arc: null,
  override: null,
});

export function forgedWarning(authentication: Authentication | null): Warning[] {
  if (authentication?.sender !== "forged") return [];
  const { domain } = authentication.dmarc;
  const words = `${domain ?? "The domain in From"} says that this message is not from there.`;
  return [{ reason: "sender_forged", subject: domain, words }];
}
