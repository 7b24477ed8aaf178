import { defineConfig } from "drizzle-kit";

export default defineConfig({
  dialect: "sqlite",
  driver: "durable-sqlite",
  schema: "./schema/blob/tables.ts",
  out: "./schema/blob/migrations",
});
