/**
 * Who gets mail for a local part. The envelope alone asks this (RFC 5321 §4.1.1.3); header fields never do.
 *
 * First match wins: the exact local part, of an account, an alias, or an address that an account gave away; the part
 * before a `+tag`; for `postmaster`, which every domain must take (RFC 5321 §4.5.1), the domain's first account; what
 * forwards leave with; the catch-all.
 */
import { and, asc, eq } from "drizzle-orm";
import type { DomainPolicy } from "../../contract/domain-policy.ts";
import { splitTag } from "../../mail/address/address.ts";
import { FORWARDER } from "../../mail/address/bounce-address.ts";
import { account, alias_target } from "../../schema/domain/tables.ts";
import { findDisposable } from "./disposable-aliases.ts";
import type { DomainDb } from "./domain-database.ts";
import { readPolicy } from "./policy.ts";

export interface Resolution {
  /** Accounts whose Mailboxes get the message. */
  user_ids: string[];
  /** Addresses it is passed on to. They may be aliases of another domain of this deployment. */
  outside: string[];
  /** Nobody has this address for their own: it is only caught. */
  is_catch_all: boolean;
  /** It is what an alias's forwards leave with: who wrote them is for the forwarder's Mailbox to say. */
  is_forwarder?: true;
  /** What this domain takes from strangers. */
  policy: DomainPolicy;
}

type Found = Omit<Resolution, "policy">;

/** The local part under which the catch-all is kept. Nobody has it for their own, so nobody can write from it. */
export const CATCH_ALL = "*";

export function resolve(db: DomainDb, localPart: string): Resolution | null {
  const [untagged] = splitTag(localPart);
  const found =
    ofName(db, localPart) ??
    (untagged === localPart ? null : ofName(db, untagged)) ??
    (localPart === "postmaster" ? firstAccount(db) : null) ??
    (untagged === FORWARDER && untagged !== localPart ? NOBODY : null) ??
    caught(assigned(db, CATCH_ALL));
  return found === null || found === SWITCHED_OFF ? null : { ...found, policy: readPolicy(db) };
}

const NOBODY: Found = { user_ids: [], outside: [], is_catch_all: false, is_forwarder: true };

/** Somebody has this address and wants no mail by it: it is not for the catch-all either. */
const SWITCHED_OFF = "switched_off";

const ofName = (db: DomainDb, localPart: string) =>
  localPart === CATCH_ALL ? null : (assigned(db, localPart) ?? disposable(db, localPart));

function disposable(db: DomainDb, localPart: string): Found | typeof SWITCHED_OFF | null {
  const alias = findDisposable(db, localPart);
  if (alias === undefined) return null;
  return alias.is_active ? { user_ids: [alias.user_id], outside: [], is_catch_all: false } : SWITCHED_OFF;
}

function assigned(db: DomainDb, localPart: string): Found | null {
  const owner = db
    .select({ user_id: account.user_id })
    .from(account)
    .where(and(eq(account.local_part, localPart), eq(account.is_active, true)))
    .get();
  if (owner) return { user_ids: [owner.user_id], outside: [], is_catch_all: false };
  const targets = db.select().from(alias_target).where(eq(alias_target.local_part, localPart)).all();
  if (targets.length === 0) return null;
  return {
    user_ids: targets.flatMap(({ user_id }) => user_id ?? []),
    outside: targets.flatMap(({ user_id, target }) => (user_id === null ? [target] : [])),
    is_catch_all: false,
  };
}

const caught = (resolution: Found | null) => resolution && { ...resolution, is_catch_all: true };

function firstAccount(db: DomainDb): Found | null {
  const first = db
    .select({ user_id: account.user_id })
    .from(account)
    .where(eq(account.is_active, true))
    .orderBy(asc(account.created_at))
    .limit(1)
    .get();
  return first ? { user_ids: [first.user_id], outside: [], is_catch_all: false } : null;
}
