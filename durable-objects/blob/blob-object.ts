/**
 * One content hash: who refers to the bytes, so that they are stored once and deleted when the last reference goes.
 *
 * A single-threaded object for each hash is what makes that safe: a mailbox that begins to refer and another that
 * releases the last reference are put in order here, not in R2. The rule for callers: refer first, then store what
 * `refer` says is missing, then commit; release only after the commit that dropped the reference.
 */
import { DurableObject } from "cloudflare:workers";
import { and, count, eq } from "drizzle-orm";
import { blobKey } from "../../contract/r2-keys.ts";
import { migrations } from "../../schema/blob/migrations/index.ts";
import * as tables from "../../schema/blob/tables.ts";
import type { ObjectEnv } from "../env.ts";
import { LazyDatabase } from "../open-database.ts";

export class BlobObject extends DurableObject<ObjectEnv> {
  readonly #database: LazyDatabase<typeof tables>;

  constructor(ctx: DurableObjectState, env: ObjectEnv) {
    super(ctx, env);
    this.#database = new LazyDatabase(ctx, tables, migrations);
  }

  /** Adds a reference and stores the bytes unless they are there. Repeating it changes nothing. */
  async refer(userId: string, reference: string, hash: string, bytes: Uint8Array): Promise<void> {
    await this.ctx.blockConcurrencyWhile(async () => {
      const db = await this.#database.create();
      db.insert(tables.reference)
        .values({ user_id: userId, reference, created_at: Date.now() })
        .onConflictDoNothing()
        .run();
      if ((await this.env.MAIL.head(blobKey(hash))) === null) await this.env.MAIL.put(blobKey(hash), bytes);
    });
  }

  /** Drops a reference, and the bytes with the last one. Repeating it changes nothing. */
  async release(userId: string, reference: string, hash: string): Promise<void> {
    await this.ctx.blockConcurrencyWhile(async () => {
      const db = this.#database.existing;
      if (db === null) return;
      db.delete(tables.reference)
        .where(and(eq(tables.reference.user_id, userId), eq(tables.reference.reference, reference)))
        .run();
      if (db.select().from(tables.reference).limit(1).all().length > 0) return;
      await this.env.MAIL.delete(blobKey(hash));
      await this.ctx.storage.deleteAll();
      this.#database.forget();
    });
  }

  /** How many references there are. */
  references(): number {
    return this.#database.existing?.select({ n: count() }).from(tables.reference).get()?.n ?? 0;
  }
}
