/** A person or a robot in a header field: the display name and the address (RFC 5322 §3.4). */
import { z } from "zod";

export const Address = z.object({ name: z.string(), email: z.string() });
export type Address = z.infer<typeof Address>;

/** An address as a client writes it: the name may be left out. What the email must look like is checked in one place. */
export const AddressInput = z.object({
  name: z.string().max(200).default(""),
  email: z.string().min(1).max(320),
});
export type AddressInput = z.infer<typeof AddressInput>;
