import { defineConfig } from "drizzle-kit";

export default defineConfig({
  dialect: "sqlite",
  driver: "durable-sqlite",
  schema: "./schema/directory/tables.ts",
  out: "./schema/directory/migrations",
});
