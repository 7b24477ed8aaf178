/**
 * The one list of all destinations, so that nobody has to ask each of them: there is no way to list objects, and a
 * request may ask a thousand at most. What it says is up to half a minute old. There is one Directory in a deployment, named
 * DIRECTORY; it also remembers which alerts are raised, and how much waited in the last days.
 */
import { DurableObject } from "cloudflare:workers";
import { migrations } from "../../schema/directory/migrations/index.ts";
import * as tables from "../../schema/directory/tables.ts";
import type { ObjectEnv } from "../env.ts";
import { LazyDatabase } from "../open-database.ts";
import { type Alert, type Condition, markTold, type Weighed, weigh } from "./alerts.ts";
import * as entries from "./entries.ts";
import { notePoint, pointsSince, type QueuePoint } from "./queue-history.ts";

export class DirectoryObject extends DurableObject<ObjectEnv> {
  readonly #database: LazyDatabase<typeof tables>;

  constructor(ctx: DurableObjectState, env: ObjectEnv) {
    super(ctx, env);
    this.#database = new LazyDatabase(ctx, tables, migrations);
  }

  /** A Destination says how things stand with it. */
  async said(entry: entries.Entry): Promise<void> {
    entries.said(await this.#database.create(), entry);
  }

  async totals(): Promise<entries.QueueTotals> {
    return entries.totals(await this.#database.create());
  }

  async waitingPage(after: [number, string] | null, limit: number): Promise<entries.Entry[]> {
    return entries.waitingPage(await this.#database.create(), after, limit);
  }

  async series(limit: number): Promise<entries.Series> {
    return entries.series(await this.#database.create(), limit);
  }

  /** What is raised or cleared by how things stand now, and what is still to be told. */
  async weigh(conditions: Condition[], now: number): Promise<Weighed> {
    return weigh(await this.#database.create(), conditions, now);
  }

  async markTold(told: Pick<Alert, "code" | "changed_at">[]): Promise<void> {
    markTold(await this.#database.create(), told);
  }

  async notePoint(seen: Omit<QueuePoint, "at">, now: number): Promise<void> {
    notePoint(await this.#database.create(), seen, now);
  }

  async pointsSince(since: number): Promise<QueuePoint[]> {
    return pointsSince(await this.#database.create(), since);
  }
}
