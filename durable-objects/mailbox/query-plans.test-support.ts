/** How SQLite runs the statements of some work, and what they are. */
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { drizzle } from "drizzle-orm/durable-sqlite";
import { UserId } from "../../contract/ids.ts";
import { randomId } from "../../contract/random-id.ts";
import * as tables from "../../schema/mailbox/tables.ts";
import type { Mailbox } from "./mailbox-database.ts";

type Statement = [text: string, values: unknown[]];

/** The statements that some work in a new mailbox made, looked at where they ran. */
export async function statementsOf<T>(
  work: (box: Mailbox) => void,
  look: (sql: SqlStorage, statements: Statement[]) => T,
): Promise<T> {
  const user_id = UserId.parse(`u${randomId(16)}`);
  const stub = env.MAILBOX.getByName(user_id);
  await stub.create({ user_id, email: "alice@a.test", name: "", password: null });
  return runInDurableObject(stub, (_mailbox, { storage }) => {
    const statements: Statement[] = [];
    const logger = { logQuery: (text: string, values: unknown[]) => void statements.push([text, values]) };
    const db = drizzle(storage, { schema: tables, logger });
    work({ db, user_id, email: "alice@a.test", name: "", id_mask: 0 });
    return look(storage.sql, statements);
  });
}

/** How SQLite runs each statement of some work: the lines of EXPLAIN QUERY PLAN. */
export const plansOf = (work: (box: Mailbox) => void): Promise<string[]> =>
  statementsOf(work, (sql, statements) =>
    statements.flatMap(([text, values]) => {
      const steps = sql.exec<{ detail: string }>(`EXPLAIN QUERY PLAN ${text}`, ...values);
      // `account` has one row.
      return steps.toArray().flatMap(({ detail }) => (detail === "SCAN account" ? [] : [detail]));
    }),
  );

/** Steps that read or sort more than a page. `w` is the walk of a search: what it reads stands in lines of its own. */
export const slow = (plans: string[]): string[] =>
  plans.filter((step) => /^SCAN (?!json_each|account|w$)|TEMP B-TREE/.test(step));
