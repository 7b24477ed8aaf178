import { defineConfig } from "drizzle-kit";

export default defineConfig({
  dialect: "sqlite",
  driver: "durable-sqlite",
  schema: "./schema/domain/tables.ts",
  out: "./schema/domain/migrations",
});
