/**
 * Forwards that would come round: a message that this account has forwarded has its address in Delivered-To, put there by
 * workers/outbound/pass-on.ts, and many a server does the same. That what came back is the very same message, and a
 * repeat, is found besides, unless somebody on the way changed it.
 */
import { MAX_HOPS } from "../../contract/limits.ts";
import { isMarkedBy } from "../../mail/forward-mark.ts";
import { readAllFields } from "../../mail/parse/fields.ts";
import type { Mailbox } from "./mailbox-database.ts";

/** A message that has gone half the way that any may go (RFC 5321 §6.3) is more likely in a circle than far from home. */
const MAX_FORWARDED_HOPS = MAX_HOPS / 2;

/** `header`: as the message came, without the fields of this mesh. */
export function mayForward({ email }: Mailbox, header: Uint8Array): boolean {
  const fields = readAllFields(header);
  if (isMarkedBy(fields, email)) return false;
  return fields.filter(({ name }) => name === "received").length < MAX_FORWARDED_HOPS;
}
