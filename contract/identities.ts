/** `/v1/identities`: who the owner of a mailbox writes as (RFC 8621 §6). */
import { z } from "zod";
import { Address, AddressInput } from "./addresses.ts";
import { IdentityId, UserId } from "./ids.ts";

const email = z.string().min(1).max(320);
const name = z.string().max(200);
const reply_to = z.array(AddressInput).max(10);
const bcc = z.array(AddressInput).max(10);
/** Kept for clients, which put it where the writer wants it; the mesh never adds one to a message. */
const signature = z.string().max(50_000);

export const Identity = z.object({
  id: IdentityId,
  user_id: UserId,
  email: z.string(),
  /** The display name in From, where the message gives none. */
  name: z.string(),
  /** Where answers go, where the message does not say. */
  reply_to: z.array(Address),
  /** Who gets a copy of everything that is written as this identity. */
  bcc: z.array(Address),
  text_signature: z.string(),
  html_signature: z.string(),
  /** Taken for messages that name no sender. One of all is. */
  is_default: z.boolean(),
  /** The account's own address cannot be deleted. */
  may_delete: z.boolean(),
});
export type Identity = z.infer<typeof Identity>;

export const IdentityList = z.object({ identities: z.array(Identity) });

/** An identity is made the default by saying so; another one's becoming it is how one ceases to be. */
const is_default = z.literal(true);

export const CreateIdentity = z.strictObject({
  email,
  name: name.default(""),
  reply_to: reply_to.default([]),
  bcc: bcc.default([]),
  text_signature: signature.default(""),
  html_signature: signature.default(""),
  is_default: is_default.optional(),
});
export type CreateIdentity = z.infer<typeof CreateIdentity>;

/** The address stays: RFC 8621 §6 makes it immutable. */
export const UpdateIdentity = z
  .strictObject({
    name: name.optional(),
    reply_to: reply_to.optional(),
    bcc: bcc.optional(),
    text_signature: signature.optional(),
    html_signature: signature.optional(),
    is_default: is_default.optional(),
  })
  .refine((update) => Object.keys(update).length > 0, "nothing to change");
export type UpdateIdentity = z.infer<typeof UpdateIdentity>;
