/**
 * One content hash: who refers to the bytes, so that they are stored once and deleted when the last reference goes.
 *
 * A single-threaded object for each hash is what makes that safe: a mailbox that begins to refer and another that
 * releases the last reference are put in order here, not in R2. The rule for callers: refer first, which stores what is
 * missing, then commit; release only after the commit that dropped the reference. A crash between the two leaves a
 * reference that nobody will release, so each mailbox is asked, a day later, whether it has what it referred to.
 */
import { DurableObject } from "cloudflare:workers";
import { and, asc, count, eq, lte } from "drizzle-orm";
import { blobKey, referringLocation } from "../../contract/r2-keys.ts";
import { migrations } from "../../schema/blob/migrations/index.ts";
import * as tables from "../../schema/blob/tables.ts";
import type { ObjectEnv } from "../env.ts";
import { LazyDatabase } from "../open-database.ts";

const { reference } = tables;

/** A delivery that takes longer is none: its bytes may go. */
const CONFIRM_AFTER_MS = 24 * 3_600_000;
/** Until a mailbox that did not answer is asked again. */
const ASK_AGAIN_MS = 3_600_000;
const ASKED_AT_ONCE = 40;
/** Until the next of many are asked. */
const GO_ON_MS = 1_000;

/** Where the hash is kept: an alarm does not say the object's name. */
const HASH = "hash";

/** Who refers to the bytes: a mailbox, and the name of its message's own object. */
export interface Holder {
  user_id: string;
  reference: string;
}

export class BlobObject extends DurableObject<ObjectEnv> {
  readonly #database: LazyDatabase<typeof tables>;
  #last: Promise<unknown> = Promise.resolve();
  /** Whether this object has seen its bytes in R2: nobody else deletes them, and a file that all send is asked for once. */
  #isStored = false;

  constructor(ctx: DurableObjectState, env: ObjectEnv) {
    super(ctx, env);
    this.#database = new LazyDatabase(ctx, tables, migrations);
  }

  /** Adds references and stores the bytes unless they are there. Repeating it changes nothing. */
  refer(holders: Holder[], hash: string, bytes: Uint8Array): Promise<void> {
    return this.#inTurn(async () => {
      if (holders.length === 0) return;
      const added = await this.#add(holders, hash);
      try {
        if (!this.#isStored) await this.#store(hash, bytes);
      } catch (error) {
        // The callers store nothing and refer to nothing. If the store's answer was lost, the bytes are there.
        await this.#drop(added, hash).catch(() => {});
        throw error;
      }
    });
  }

  /**
   * The same by the hash alone, for who has seen that somebody refers to the bytes. False: nobody does any more, they
   * are not here, and nothing was added.
   */
  share(holders: Holder[], hash: string): Promise<boolean> {
    return this.#inTurn(async () => {
      if (this.#database.existing?.select().from(reference).limit(1).get() === undefined) return false;
      this.#isStored ||= (await this.env.MAIL.head(blobKey(hash))) !== null;
      if (this.#isStored) await this.#add(holders, hash);
      return this.#isStored;
    });
  }

  /** Drops a reference, and the bytes with the last one. Repeating it changes nothing. */
  release(holder: Holder, hash: string): Promise<void> {
    return this.#inTurn(() => this.#drop([holder], hash));
  }

  /** Whether this one refers to the bytes, and they are there. */
  async isHeldBy(userId: string, name: string, hash: string): Promise<boolean> {
    const db = this.#database.existing;
    const held = db
      ?.select()
      .from(reference)
      .where(isOf({ user_id: userId, reference: name }))
      .get();
    return held !== undefined && (await this.env.MAIL.head(blobKey(hash))) !== null;
  }

  /** How many references there are. */
  references(): number {
    return this.#database.existing?.select({ n: count() }).from(reference).get()?.n ?? 0;
  }

  override alarm(): Promise<void> {
    return this.#inTurn(() => this.#confirm(Date.now()));
  }

  /** Returns those that are new. */
  async #add(holders: Holder[], hash: string): Promise<Holder[]> {
    const db = await this.#database.create();
    const now = Date.now();
    const added = holders.filter((holder) => {
      const row = { ...holder, created_at: now };
      return db.insert(reference).values(row).onConflictDoNothing().returning().all().length > 0;
    });
    this.ctx.storage.kv.put(HASH, hash);
    if ((await this.ctx.storage.getAlarm()) === null) await this.ctx.storage.setAlarm(now + CONFIRM_AFTER_MS);
    return added;
  }

  async #drop(holders: Holder[], hash: string): Promise<void> {
    for (const holder of holders) this.#database.existing?.delete(reference).where(isOf(holder)).run();
    await this.#endIfUnused(hash);
  }

  async #store(hash: string, bytes: Uint8Array): Promise<void> {
    if ((await this.env.MAIL.head(blobKey(hash))) === null) await this.env.MAIL.put(blobKey(hash), bytes);
    this.#isStored = true;
  }

  /** Nobody refers to the bytes: they go, and with them everything that is kept here. */
  async #endIfUnused(hash: string): Promise<void> {
    if (this.#database.existing === null || this.references() > 0) return;
    this.#isStored = false;
    await this.env.MAIL.delete(blobKey(hash));
    await this.ctx.storage.deleteAlarm();
    await this.ctx.storage.deleteAll();
    this.#database.forget();
  }

  /** Asks after the references that are old enough, and drops those that no message came for. */
  async #confirm(now: number): Promise<void> {
    const db = this.#database.existing;
    const hash = this.ctx.storage.kv.get<string>(HASH);
    if (db === null || hash === undefined) return;
    // Whatever breaks off in between is taken up again.
    await this.ctx.storage.setAlarm(now + ASK_AGAIN_MS);
    const isOpen = eq(reference.is_confirmed, false);
    const isOld = lte(reference.created_at, now - CONFIRM_AFTER_MS);
    const old = db.select().from(reference).where(and(isOpen, isOld)).limit(ASKED_AT_ONCE).all();
    const answers = await Promise.all(old.map((holder) => this.#isHeld(holder, hash)));
    for (const [n, holder] of old.entries()) {
      if (answers[n] === true) db.update(reference).set({ is_confirmed: true }).where(isOf(holder)).run();
      if (answers[n] === false) db.delete(reference).where(isOf(holder)).run();
    }
    if (this.references() === 0) return this.#endIfUnused(hash);
    // A file that thousands have is not asked after for weeks; who waits to refer to it comes in between.
    if (old.length === ASKED_AT_ONCE && !answers.includes(null)) return this.ctx.storage.setAlarm(now + GO_ON_MS);
    const next = db.select().from(reference).where(isOpen).orderBy(asc(reference.created_at)).limit(1).get();
    if (next) await this.ctx.storage.setAlarm(Math.max(next.created_at + CONFIRM_AFTER_MS, now + ASK_AGAIN_MS));
    else await this.ctx.storage.deleteAlarm();
  }

  /** Null: the mailbox did not say. */
  async #isHeld({ user_id, reference: name }: Holder, hash: string): Promise<boolean | null> {
    const location = referringLocation(user_id, hash, name);
    try {
      return await this.env.MAILBOX.getByName(user_id).holds(location);
    } catch (error) {
      console.error("mailbox does not say whether it has its bytes", { user_id, location, error });
      return null;
    }
  }

  /**
   * One call after the other. `blockConcurrencyWhile` would do as well, but an error of R2 inside it ends the object
   * with everybody else's calls, and so does half a minute.
   */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => {});
    return turn;
  }
}

const isOf = (holder: Holder) => and(eq(reference.user_id, holder.user_id), eq(reference.reference, holder.reference));
