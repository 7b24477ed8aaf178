import { defineConfig } from "drizzle-kit";

export default defineConfig({
  dialect: "sqlite",
  driver: "durable-sqlite",
  schema: "./schema/mailbox/tables.ts",
  out: "./schema/mailbox/migrations",
});
