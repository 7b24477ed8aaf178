/**
 * What a forward bears, so that it is known when it comes back: Delivered-To with the address that passed it on, as
 * Postfix and qmail write it. A sender may write that field too, and whoever resends a message that he got sends the one
 * in it; so a Received field of this mesh has to be there as well, and both were on a copy that was passed on.
 */
import { addressKey } from "./address/address-key.ts";
import { decodeField, type Field, readAllFields } from "./parse/fields.ts";

export const forwardMark = (address: string): string => `Delivered-To: ${address}\r\n`;

/** Whether a message with these fields, those of this hop not among them, was at this address before. */
export const isMarkedBy = (fields: readonly Field[], address: string): boolean => {
  const own = addressKey(address);
  const isOwn = (value: Uint8Array) => addressKey(decodeField(value, null).trim().replace(/^<|>$/g, "")) === own;
  return fields.some(({ name, value }) => name === "delivered-to" && isOwn(value));
};

/** The same of a whole header, and this mesh had its hands in it. */
export function hasComeBack(header: Uint8Array, address: string, hostname: string): boolean {
  const fields = readAllFields(header);
  const isOurs = ({ name, value }: Field) => name === "received" && isOfMesh(decodeField(value, null), hostname);
  return isMarkedBy(fields, address) && fields.some(isOurs);
}

/** As mail/trace.ts writes it. */
const isOfMesh = (received: string, hostname: string): boolean =>
  received.replace(/\s+/g, " ").includes(`by ${hostname} (Mailmesh) `);
