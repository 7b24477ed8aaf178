/**
 * The admin API under `/v1/admin`, authenticated by the deployment's admin secret as a bearer token, or by the cookie
 * that a browser gets for it.
 */
import { z } from "zod";
import { UserId } from "./ids.ts";

/** Eight characters at least (NIST SP 800-63B §5.1.1.2), and short enough that hashing it is never an attack. */
export const Password = z.string().min(8).max(256);

/** `POST /v1/admin/session` 201 `OperatorSession`, and a cookie; `GET` 204 or 401; `DELETE` 204. */
export const CreateOperatorSession = z.strictObject({ secret: z.string().min(1).max(1000) });
export const OperatorSession = z.object({ expires_at: z.iso.datetime() });

/** `POST /v1/admin/domains` 201 `Domain`; 409 when it exists. */
export const CreateDomain = z.object({ name: z.string().min(1).max(253) });
export const Domain = z.object({
  /** The A-label form (RFC 5890 §2.3.2.1), which is the domain's one name inside the mesh. */
  name: z.string(),
  /** The U-label form, for people. */
  display_name: z.string(),
  accounts: z.number().int(),
  aliases: z.number().int(),
  created_at: z.iso.datetime(),
});
export type Domain = z.infer<typeof Domain>;

/** `PUT /v1/admin/domains/{name}/relay` and `GET`: 200 `DomainRelay`, which never holds the password. */
export const SetRelay = z.object({ url: z.string().min(1).max(2000).nullable() });
export const DomainRelay = z.object({ url: z.string().nullable() });

/** `POST /v1/admin/accounts` 201 `Account`; 409 when the address is taken, 404 when the domain is not here. */
export const CreateAccount = z.object({
  email: z.string().min(3).max(254),
  password: Password,
  name: z.string().max(200).optional(),
});
export const Account = z.object({ user_id: UserId, email: z.string(), created_at: z.iso.datetime() });
export type Account = z.infer<typeof Account>;

/** `PUT /v1/admin/accounts/{email}/password` 204. Ends every session of the account. */
export const SetPassword = z.object({ password: Password });

/** `PUT /v1/admin/accounts/{email}/quota` 204. 0 takes the deployment's default. */
export const SetQuota = z.object({
  quota_bytes: z
    .number()
    .int()
    .min(0)
    .max(2 ** 50),
});

/**
 * `POST /v1/admin/accounts/{email}/verify` 200 `VerifyPage`: looks through a slice of the mailbox for what does not fit
 * together. `after` is the `next` of the answer before; without it the first slice.
 */
export const AskVerify = z.object({ after: z.number().int().min(-1).default(-1) });
export const VerifyPage = z.object({
  checked: z.number().int(),
  /** Messages in the mailbox. */
  total: z.number().int(),
  next: z.number().int().nullable(),
  problems: z.array(z.object({ at: z.string(), message: z.string() })),
});
export type VerifyPage = z.infer<typeof VerifyPage>;

/**
 * `POST /v1/admin/accounts/{email}/rebuild` 200 `RebuildPage`: reads a slice of the account's messages from R2 into its
 * mailbox again, and at the end makes anew what is derived from them.
 */
export const AskRebuild = z.object({ after: z.string().max(1024).default("") });
export const RebuildPage = z.object({
  /** Messages that were here, and that came in again. */
  refreshed: z.number().int(),
  added: z.number().int(),
  next: z.string().nullable(),
});
export type RebuildPage = z.infer<typeof RebuildPage>;

/**
 * `PUT /v1/admin/aliases/{email}` 200 `Alias`, `DELETE` 204. Targets are addresses: an account of this deployment or
 * an outside address. The local part `*` is the domain's catch-all.
 */
export const PutAlias = z.object({ targets: z.array(z.string().min(3).max(254)).min(1).max(100) });
export const Alias = z.object({ email: z.string(), targets: z.array(z.string()) });
export type Alias = z.infer<typeof Alias>;

/** `GET /v1/admin/domains` and `GET /v1/admin/domains/{name}` */
export const DomainList = z.object({ domains: z.array(Domain) });
export const DomainDetail = Domain.extend({
  account_list: z.array(Account),
  alias_list: z.array(Alias),
});

/** `GET /v1/admin/dead-letters`; `POST /v1/admin/dead-letters/{id}/retry` 202; `DELETE` 204. */
export const DeadLetter = z.object({
  id: z.string(),
  queue: z.string(),
  died_at: z.iso.datetime(),
  /** What its last try failed with; null where the platform took it away without one. */
  reason: z.string().nullable(),
  body: z.unknown(),
});
export const DeadLetterList = z.object({ dead_letters: z.array(DeadLetter) });
