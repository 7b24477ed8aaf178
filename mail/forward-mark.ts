/**
 * What a forward bears, so that it is known when it comes back: Delivered-To with the address that passed it on, as
 * Postfix and qmail write it. A sender may write that field too, and whoever resends a message that he got sends the one
 * in it; so a Received field of this mesh has to be there as well, and both were on a copy that was passed on.
 */
import { addressKey } from "./address/address-key.ts";
import { decodeField, readAllFields } from "./parse/fields.ts";

export const forwardMark = (address: string): string => `Delivered-To: ${address}\r\n`;

/** `header`: as the message came, without the fields of this hop. */
export function hasComeBack(header: Uint8Array, address: string, hostname: string): boolean {
  const fields = readAllFields(header).map(({ name, value }) => ({ name, text: decodeField(value, null).trim() }));
  const own = addressKey(address);
  const isMarked = fields.some(
    ({ name, text }) => name === "delivered-to" && addressKey(text.replace(/^<|>$/g, "")) === own,
  );
  return isMarked && fields.some(({ name, text }) => name === "received" && isOurs(text, hostname));
}

/** As mail/trace.ts writes it. */
const isOurs = (received: string, hostname: string): boolean =>
  received.replace(/\s+/g, " ").includes(`by ${hostname} (Mailmesh) `);
