/**
 * What is kept in this browser, and what it is right for: the one record beside the answers, and what a write makes of it.
 * Pure: kept-store.ts carries it out, in one transaction.
 *
 * All answers are right for one state of the account, but for those that are marked. Several tabs write here, each as far
 * as it has heard of changes, so a tab that has heard of less waits until it has caught up, and one that brings a newer
 * state marks what changed on the way to it, also where it never had that itself.
 */

export interface KeptEntry {
  /** When it was last fetched or looked at. */
  used: number;
  /** In characters. */
  size: number;
  /** It is not so any more, and better than nothing until it can be asked for. */
  isStale: boolean;
  /** Of a conversation, the names of its messages: it says of each what it is. */
  of?: readonly string[];
}

export interface Head {
  /** Whose mail it is: the id of the user, since an address can be given to somebody else. */
  account: string;
  /** Of the client that wrote it. Another may want other things of the same answers. */
  version: string;
  /** Null: nothing is kept yet. */
  state: number | null;
  entries: Record<string, KeptEntry>;
}

export interface Put {
  /** The key of the query, as JSON. */
  name: string;
  json: string;
  isStale: boolean;
  of?: readonly string[];
}

export interface Write {
  account: string;
  version: string;
  /** What is written is right for it. */
  state: number;
  /** All that changed from here to `state` is in `changed` and `gone`. */
  since: number;
  /** Whatever state is kept is none that the account ever had. */
  isBehind: boolean;
  puts: readonly Put[];
  changed: ReadonlySet<string>;
  gone: ReadonlySet<string>;
  /** What was looked at, and when. */
  used: ReadonlyMap<string, number>;
  now: number;
}

export type Plan =
  | { kind: "write"; head: Head; puts: readonly Put[]; drops: readonly string[] }
  /** Another tab has heard of more: once this one has, too. */
  | { kind: "later" }
  /** It is another's by now, or of another version of the client: this page writes nothing any more. */
  | { kind: "never" };

/** In `changed` for all lists: a message may be in any of them. */
export const ANY_LIST = '["list"';

const MOST = { list: 20, thread: 400, message: 800 } as const;
/** In characters: of all, and of one. */
const LARGEST_SUM = 25_000_000;
export const LARGEST = 1_000_000;

export function planOf(head: Head | undefined, write: Write): Plan {
  if (head === undefined || !isOf(head, write.account, write.version)) return { kind: "never" };
  if (!write.isBehind && head.state !== null && head.state > write.state) return { kind: "later" };
  // What happened in between is known to nobody: what is there is worth nothing.
  const isKnown = !write.isBehind && head.state !== null && head.state >= write.since;
  const entries = new Map(
    isKnown ? Object.entries(head.entries).map(([name, entry]) => [name, marked(name, entry, write)]) : [],
  );
  for (const name of write.gone) entries.delete(name);
  for (const { name, json, ...put } of write.puts) entries.set(name, { used: write.now, size: json.length, ...put });
  for (const name of tooMuch(entries)) entries.delete(name);
  return {
    kind: "write",
    head: { ...head, state: write.state, entries: Object.fromEntries(entries) },
    puts: write.puts.filter(({ name }) => entries.has(name)),
    drops: Object.keys(head.entries).filter((name) => !entries.has(name)),
  };
}

export const isOf = (head: Head, account: string, version: string): boolean =>
  head.account === account && head.version === version;

/** Whether `changed` has it, by its own name, as one of the lists, or by the name of a message that it tells of. */
export const isAmong = (changed: ReadonlySet<string>, name: string, entry: KeptEntry | undefined): boolean =>
  changed.has(name) ||
  (changed.has(ANY_LIST) && name.startsWith(ANY_LIST)) ||
  (entry?.of?.some((message) => changed.has(message)) ?? false);

const marked = (name: string, entry: KeptEntry, { changed, used }: Write): KeptEntry => ({
  ...entry,
  used: used.get(name) ?? entry.used,
  isStale: entry.isStale || isAmong(changed, name, entry),
});

/** What was not used for longest, of each kind and of all. */
function tooMuch(entries: ReadonlyMap<string, KeptEntry>): string[] {
  const newest = [...entries].toSorted(([, a], [, b]) => b.used - a.used);
  const counts = { list: 0, thread: 0, message: 0 };
  let sum = 0;
  return newest.flatMap(([name, { size }]) => {
    const kind = (["list", "thread", "message"] as const).find((kind) => name.startsWith(`["${kind}"`));
    if (kind === undefined) return [];
    if (sum + size > LARGEST_SUM || counts[kind] >= MOST[kind]) return [name];
    sum += size;
    counts[kind] += 1;
    return [];
  });
}
