/**
 * Who a message is really from: verdicts of SPF (RFC 7208), DKIM (RFC 6376), DMARC (RFC 7489) and ARC (RFC 8617), made
 * by this mesh or by the hop in front of it that it trusts. The sender's own claims are never among them.
 */
import { z } from "zod";

/** RFC 8601 §2.7: what a method can come to. */
export const AuthenticationResult = z.enum([
  "none",
  "neutral",
  "pass",
  "fail",
  "softfail",
  "policy",
  "temperror",
  "permerror",
]);
export type AuthenticationResult = z.infer<typeof AuthenticationResult>;

export const Authentication = z.object({
  /** Who looked: the authserv-id (RFC 8601 §2.5). */
  by: z.string(),
  /**
   * `verified`: the domain in From stands behind the message. `forged`: it says that it does not. `unverified`: nobody
   * can tell, or it could not be looked up.
   */
  sender: z.enum(["verified", "unverified", "forged"]),
  spf: z.object({ result: AuthenticationResult, domain: z.string().nullable() }),
  dkim: z.array(
    z.object({ result: AuthenticationResult, domain: z.string().nullable(), selector: z.string().nullable() }),
  ),
  dmarc: z.object({
    result: AuthenticationResult,
    /** The domain in From. */
    domain: z.string().nullable(),
    /** What it asks to be done with what fails. */
    policy: z.enum(["none", "quarantine", "reject"]).nullable(),
  }),
  /** `domain`: who sealed it last. Null where nobody did. */
  arc: z.object({ result: AuthenticationResult, domain: z.string().nullable() }).nullable(),
  /** Why a failure was let pass: a forwarder that this mesh trusts says that it was right when it came there. */
  override: z.enum(["trusted_forwarder"]).nullable(),
});
export type Authentication = z.infer<typeof Authentication>;
