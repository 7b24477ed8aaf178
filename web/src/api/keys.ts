/**
 * The names under which answers are kept. All that live changes touch is found by its first word; what an account has one
 * of, or few, is called by its path below `/v1`, as the changes call it.
 */
import type { ListSource } from "../list/list-source.ts";

export const keys = {
  folders: ["folders"] as const,
  lists: ["list"] as const,
  list: (source: ListSource) => ["list", source] as const,
  messages: ["message"] as const,
  message: (id: string) => ["message", id] as const,
  threads: ["thread"] as const,
  thread: (id: string) => ["thread", id] as const,
  submissions: ["submission"] as const,
  submission: (id: string) => ["submission", id] as const,
  settings: ["settings"] as const,
  identities: ["identities"] as const,
  searches: ["searches"] as const,
  imports: ["imports"] as const,
};
