/** What a mailbox knows of whose it is. Which addresses lead to it is for their Domains to say. */
import { account } from "../../schema/mailbox/tables.ts";
import { listIdentities } from "./identities.ts";
import type { Mailbox } from "./mailbox-database.ts";
import { isoTime } from "./message-views.ts";

export interface AccountFacts {
  email: string;
  name: string;
  created_at: string;
  /** What it has an identity for, its own among them. */
  written_as: string[];
}

export function accountFacts(box: Mailbox): AccountFacts {
  const { created_at = 0 } = box.db.select({ created_at: account.created_at }).from(account).get() ?? {};
  const written_as = listIdentities(box).map(({ email }) => email);
  return { email: box.email, name: box.name, created_at: isoTime(created_at), written_as };
}
