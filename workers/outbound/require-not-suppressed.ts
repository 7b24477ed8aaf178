/** Before a message is made: none of its recipients is one that mail is not to be sent to, or the sender insists. */
import { Failure } from "../../contract/failure.ts";
import type { SendMessage } from "../../contract/messages.ts";
import type { ProblemIssue } from "../../contract/problem.ts";
import type { Suppression } from "../../contract/suppressions.ts";
import { addressKey } from "../../mail/address/address-key.ts";

/**
 * `suppressed`: the entries of the list for these recipients. Who unsubscribed wants no more bulk mail, and may well be
 * written to; unlike a bounce, a person's no is not the sender's to override. Throws with every such recipient at once.
 */
export function requireNotSuppressed(
  suppressed: Suppression[],
  message: Pick<SendMessage, "to" | "cc" | "bcc" | "class" | "ignore_suppressed">,
): void {
  const isBinding = ({ reason }: Suppression) =>
    reason === "unsubscribed" ? message.class === "bulk" : message.ignore_suppressed !== true;
  const binding = suppressed.filter(isBinding);
  if (binding.length === 0) return;
  const byKey = new Map(binding.map((entry) => [entry.email, entry]));
  const issues = (["to", "cc", "bcc"] as const).flatMap((field) =>
    message[field].flatMap(({ email }, n): ProblemIssue[] => {
      const entry = byKey.get(addressKey(email) ?? "");
      return entry ? [{ at: `body.${field}.${n}.email`, message: explain(entry) }] : [];
    }),
  );
  const canIgnore = binding.every(({ reason }) => reason !== "unsubscribed");
  const advice = canIgnore ? " ignore_suppressed sends it all the same." : "";
  throw new Failure("suppressed_recipients", `The message was not sent to anybody.${advice}`, issues);
}

const WHY = {
  bounce: "mail to it failed for good",
  complaint: "its reader called a message spam",
  unsubscribed: "its reader unsubscribed",
} as const;

function explain({ email, reason, detail, created_at }: Suppression): string {
  const day = created_at.slice(0, 10);
  return `${email}: ${WHY[reason]} on ${day}${detail === "" ? "" : ` (${detail.slice(0, 200)})`}`;
}
