import { defineConfig } from "drizzle-kit";

export default defineConfig({
  dialect: "sqlite",
  driver: "durable-sqlite",
  schema: "./schema/destination/tables.ts",
  out: "./schema/destination/migrations",
});
