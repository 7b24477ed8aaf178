/** Which envelope sender goes with mail that nobody wrote. */
import { isFailure } from "../../contract/failure.ts";
import type { FollowUpMail, WantedFollowUp } from "../../durable-objects/mailbox/follow-ups.ts";
import type { Env } from "../env.ts";
import { requireCarriable } from "./require-carriable.ts";

/**
 * Nobody, so that nothing ever comes back (RFC 3834 §3.3). Where mail leaves through Cloudflare's binding alone, which
 * takes none from nobody, it is the owner: what comes back then is told by its token, and answered by nobody.
 */
export async function senderFor(
  env: Env,
  owner: WantedFollowUp["owner"],
  raw: Uint8Array,
  to: string,
): Promise<Pick<FollowUpMail, "mail_from" | "report_to">> {
  try {
    await requireCarriable(env, [to], { mail_from: "", raw }, owner.email);
    return { mail_from: "", report_to: "nobody" };
  } catch (error) {
    if (!isFailure(error)) throw error;
    return { mail_from: owner.email, report_to: "inbox" };
  }
}
