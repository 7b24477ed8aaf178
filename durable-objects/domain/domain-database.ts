import type { DrizzleSqliteDODatabase } from "drizzle-orm/durable-sqlite";
import type * as tables from "../../schema/domain/tables.ts";

export type DomainDb = DrizzleSqliteDODatabase<typeof tables>;
