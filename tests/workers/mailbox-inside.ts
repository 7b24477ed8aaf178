/** The inside of a Mailbox as its own modules see it: for what no door shows, such as the alarm's work in a month. */
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { drizzle } from "drizzle-orm/durable-sqlite";
import { UserId } from "../../contract/ids.ts";
import type { ObjectEnv } from "../../durable-objects/env.ts";
import type { Mailbox } from "../../durable-objects/mailbox/mailbox-database.ts";
import * as tables from "../../schema/mailbox/tables.ts";
import type { Account } from "./mesh.ts";

export function mailboxOf<T>(
  account: Account,
  work: (box: Mailbox, storage: DurableObjectStorage, objectEnv: ObjectEnv) => T | Promise<T>,
): Promise<T> {
  return runInDurableObject(account.stub, async (_object, { storage }) => {
    const db = drizzle(storage, { schema: tables });
    const row = db.select().from(tables.account).get();
    if (row === undefined) throw new Error("no such mailbox");
    const { email, name, id_mask } = row;
    return work({ db, user_id: UserId.parse(row.user_id), email, name, id_mask }, storage, env);
  });
}
