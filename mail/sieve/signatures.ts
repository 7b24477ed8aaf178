/** Every command and test of the language: which arguments it takes, and which capability a script must have asked for. */

export const CAPABILITIES = [
  "body",
  "comparator-i;ascii-casemap",
  "comparator-i;ascii-numeric",
  "comparator-i;octet",
  "copy",
  "date",
  "encoded-character",
  "envelope",
  "ereject",
  "fileinto",
  "imap4flags",
  "index",
  "mailbox",
  "reject",
  "relational",
  "subaddress",
  "vacation",
  "variables",
] as const;
export type Capability = (typeof CAPABILITIES)[number];

export interface TagSignature {
  capability?: Capability;
  /** What stands right after the tag. */
  takes?: "string" | "strings" | "number";
  /** At most one tag of a group may be given. */
  group?: string;
}

export interface Signature {
  capability?: Capability;
  tags?: Record<string, TagSignature>;
  positional?: readonly ("string" | "strings" | "number")[];
  /** The first positional argument may be left out. */
  first_is_optional?: Capability;
  tests?: "one" | "list";
  has_block?: boolean;
}

const MATCH: Record<string, TagSignature> = {
  is: { group: "match type" },
  contains: { group: "match type" },
  matches: { group: "match type" },
  count: { group: "match type", takes: "string", capability: "relational" },
  value: { group: "match type", takes: "string", capability: "relational" },
  comparator: { takes: "string" },
};
const ADDRESS_PART: Record<string, TagSignature> = {
  all: { group: "address part" },
  localpart: { group: "address part" },
  domain: { group: "address part" },
  user: { group: "address part", capability: "subaddress" },
  detail: { group: "address part", capability: "subaddress" },
};
const INDEX: Record<string, TagSignature> = {
  index: { takes: "number", capability: "index" },
  last: { capability: "index" },
};
const ZONE: Record<string, TagSignature> = { zone: { takes: "string", group: "zone" } };
const FLAGS: Record<string, TagSignature> = { flags: { takes: "strings", capability: "imap4flags" } };
const COPY: Record<string, TagSignature> = { copy: { capability: "copy" } };

const FLAG_CHANGE: Signature = {
  capability: "imap4flags",
  positional: ["string", "strings"],
  first_is_optional: "variables",
};

export const COMMANDS: Record<string, Signature> = {
  require: { positional: ["strings"] },
  if: { tests: "one", has_block: true },
  elsif: { tests: "one", has_block: true },
  else: { has_block: true },
  stop: {},
  keep: { tags: FLAGS },
  discard: {},
  redirect: { tags: COPY, positional: ["string"] },
  fileinto: {
    capability: "fileinto",
    tags: { ...FLAGS, ...COPY, create: { capability: "mailbox" } },
    positional: ["string"],
  },
  reject: { capability: "reject", positional: ["string"] },
  ereject: { capability: "ereject", positional: ["string"] },
  setflag: FLAG_CHANGE,
  addflag: FLAG_CHANGE,
  removeflag: FLAG_CHANGE,
  set: {
    capability: "variables",
    tags: {
      lower: { group: "case modifier" },
      upper: { group: "case modifier" },
      lowerfirst: { group: "first letter modifier" },
      upperfirst: { group: "first letter modifier" },
      quotewildcard: {},
      length: {},
    },
    positional: ["string", "string"],
  },
  vacation: {
    capability: "vacation",
    tags: {
      days: { takes: "number" },
      subject: { takes: "string" },
      from: { takes: "string" },
      addresses: { takes: "strings" },
      mime: {},
      handle: { takes: "string" },
    },
    positional: ["string"],
  },
};

export const TESTS: Record<string, Signature> = {
  true: {},
  false: {},
  not: { tests: "one" },
  allof: { tests: "list" },
  anyof: { tests: "list" },
  exists: { positional: ["strings"] },
  size: { tags: { over: { group: "size" }, under: { group: "size" } }, positional: ["number"] },
  header: { tags: { ...MATCH, ...INDEX }, positional: ["strings", "strings"] },
  address: { tags: { ...MATCH, ...ADDRESS_PART, ...INDEX }, positional: ["strings", "strings"] },
  envelope: { capability: "envelope", tags: { ...MATCH, ...ADDRESS_PART }, positional: ["strings", "strings"] },
  body: {
    capability: "body",
    tags: {
      ...MATCH,
      raw: { group: "body transform" },
      text: { group: "body transform" },
      content: { group: "body transform", takes: "strings" },
    },
    positional: ["strings"],
  },
  string: { capability: "variables", tags: MATCH, positional: ["strings", "strings"] },
  hasflag: {
    capability: "imap4flags",
    tags: MATCH,
    positional: ["strings", "strings"],
    first_is_optional: "variables",
  },
  date: {
    capability: "date",
    tags: { ...MATCH, ...INDEX, ...ZONE, originalzone: { group: "zone" } },
    positional: ["string", "string", "strings"],
  },
  currentdate: { capability: "date", tags: { ...MATCH, ...ZONE }, positional: ["string", "strings"] },
  mailboxexists: { capability: "mailbox", positional: ["strings"] },
};

/** Names come from scripts: `constructor` is none of ours. */
export function find<Value>(table: Record<string, Value> | undefined, name: string): Value | undefined {
  return table !== undefined && Object.hasOwn(table, name) ? table[name] : undefined;
}
