import type { DrizzleSqliteDODatabase } from "drizzle-orm/durable-sqlite";
import type * as tables from "../../schema/directory/tables.ts";

export type DirectoryDb = DrizzleSqliteDODatabase<typeof tables>;
