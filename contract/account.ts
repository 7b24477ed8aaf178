/** `GET /v1/account`: whose mailbox it is. What an operator sees of accounts is in admin.ts. */
import { z } from "zod";
import { UserId } from "./ids.ts";

export const OwnAccount = z.object({
  user_id: UserId,
  email: z.string(),
  /** As it was when the account was made; what stands in From is an identity's. Empty where none was given. */
  name: z.string(),
  /**
   * Addresses that lead to this account and to nobody else, its own first: those of its domain, and others that it has an
   * identity for. Addresses to give away are in `/v1/aliases`.
   */
  addresses: z.array(z.string()),
  created_at: z.iso.datetime(),
});
export type OwnAccount = z.infer<typeof OwnAccount>;
