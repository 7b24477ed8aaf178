import type { Query } from "./query.ts";

export function printQuery(_query: Query): string {
  throw new Error("being written");
}
