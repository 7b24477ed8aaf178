/**
 * Opens an object's SQLite with its tables, brought up to date by the migrations in schema/.
 *
 * Anyone can make the platform start an object by naming it: a mail to a made-up domain, a token with a made-up user id.
 * Such an object must cost nothing, so tables are made by the first creating call (`create`), never by looking.
 */
import { type DrizzleSqliteDODatabase, drizzle } from "drizzle-orm/durable-sqlite";
import { migrate } from "drizzle-orm/durable-sqlite/migrator";

type Tables = Record<string, unknown>;
type Migrations = Parameters<typeof migrate>[1];

export class LazyDatabase<T extends Tables> {
  readonly #migrations: Migrations;
  readonly #db: DrizzleSqliteDODatabase<T>;
  #ready = false;

  constructor(ctx: DurableObjectState, tables: T, migrations: Migrations) {
    this.#migrations = migrations;
    this.#db = drizzle(ctx.storage, { schema: tables });
    const made = ctx.storage.sql.exec("SELECT 1 FROM sqlite_master WHERE name = '__drizzle_migrations'").toArray();
    if (made.length > 0) {
      // No request is served before the tables are those that the code knows.
      void ctx.blockConcurrencyWhile(() => this.create());
    }
  }

  /** The database, or null where nothing was ever created. */
  get existing(): DrizzleSqliteDODatabase<T> | null {
    return this.#ready ? this.#db : null;
  }

  /** The database, made or migrated if need be. */
  async create(): Promise<DrizzleSqliteDODatabase<T>> {
    if (!this.#ready) {
      await migrate(this.#db, this.#migrations);
      this.#ready = true;
    }
    return this.#db;
  }

  /** To be called after the storage was deleted: the next `create` makes the tables anew. */
  forget(): void {
    this.#ready = false;
  }
}
