/** A filter against the mail that is here. Headers are read here, beside the mailbox, so that nobody waits for it there. */
import type { FilterConditions, FilterTest, TestFilter } from "../../contract/filters.ts";
import type { Candidates } from "../../durable-objects/mailbox/filter-test.ts";
import { matchesHeaders } from "../../mail/filters/header-match.ts";
import type { Env } from "../env.ts";
import { inParallel } from "../outbound/in-parallel.ts";
import { readHeader } from "../storage/raw-messages.ts";
import { NoBytes } from "../storage/split-parts.ts";
import type { Rules } from "./with-rules.ts";

/** The platform opens six connections at once. */
const READ_AT_ONCE = 6;

export async function testFilter(env: Env, rules: Rules, { conditions, limit }: TestFilter): Promise<FilterTest> {
  const { messages, is_complete } = await rules.filterCandidates(conditions);
  const found = await withHeaders(env, messages, conditions);
  const newest = found.slice(0, limit).map(({ id }) => id);
  return { messages: await rules.summaries(newest), matched: found.length, is_complete };
}

async function withHeaders(env: Env, messages: Candidates["messages"], { headers }: FilterConditions) {
  if (headers.length === 0) return messages;
  const matches = await inParallel(READ_AT_ONCE, messages, async ({ raw_key }) =>
    matchesHeaders(await headerOf(env, raw_key), headers),
  );
  return messages.filter((_, n) => matches[n]);
}

/** Deleted meanwhile: it matches nothing. */
async function headerOf(env: Env, rawKey: string): Promise<Uint8Array> {
  try {
    return await readHeader(env, rawKey);
  } catch (error) {
    if (error instanceof NoBytes) return new Uint8Array();
    throw error;
  }
}
