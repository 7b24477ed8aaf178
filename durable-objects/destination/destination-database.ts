import type { DrizzleSqliteDODatabase } from "drizzle-orm/durable-sqlite";
import type * as tables from "../../schema/destination/tables.ts";

export type DestinationDb = DrizzleSqliteDODatabase<typeof tables>;
