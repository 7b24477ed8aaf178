/** Bulk mail goes to nobody who left it: unlike a bounce, a person's no is not the sender's to override. */
import { Failure } from "../../contract/failure.ts";
import type { SendMessage } from "../../contract/messages.ts";
import { canonicalAddress } from "./own-address.ts";

/** Throws `suppressed_recipients` with the place of each. */
export function requireSubscribed(message: SendMessage, unsubscribed: string[]): void {
  if (unsubscribed.length === 0) return;
  const left = new Set(unsubscribed);
  const issues = (["to", "cc", "bcc"] as const).flatMap((field) =>
    message[field].flatMap(({ email }, n) =>
      left.has(canonicalAddress(email) ?? "")
        ? [{ at: `body.${field}.${n}.email`, message: `${email} unsubscribed from this account's bulk mail` }]
        : [],
    ),
  );
  throw new Failure("suppressed_recipients", "The message was not sent to anybody.", issues);
}
