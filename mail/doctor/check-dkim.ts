/** DKIM: is each key of ours in DNS, whole (RFC 6376 §3.6.1)? */
import type { DnsRecord, DnsRecords } from "../../contract/dns.ts";
import type { Dns } from "./dns-over-https.ts";
import { advice, type Finding, quoted, right, unknown, wrong } from "./finding.ts";
import { readTags } from "./tags.ts";

export async function checkDkim(dns: Dns, { records }: DnsRecords): Promise<Finding[]> {
  const keys = records.filter(({ purpose }) => purpose === "dkim");
  return (await Promise.all(keys.map((key) => checkKey(dns, key)))).flat();
}

/** RFC 6376 §3.6.1: a record may say by which hash, and for which services, its key may sign. */
const LIMITS: readonly [tag: string, fitting: string[]][] = [
  ["h", ["sha256"]],
  ["s", ["*", "email"]],
];

async function checkKey(dns: Dns, { name, value }: DnsRecord): Promise<Finding[]> {
  const answer = await dns.txt(name);
  if (!answer.known) return [unknown(`The DKIM key ${name}`, answer.why)];
  const [record, ...others] = answer.records;
  const set = `set the TXT record at ${name} as the list of its records has it`;
  if (record === undefined) return [wrong(`The DKIM key ${name} is not in DNS, so signatures by it do not count`, set)];
  if (others.length > 0) {
    return [wrong(`${name} has ${others.length + 1} TXT records, and receivers may take any`, "leave ours alone")];
  }
  const [found, wanted] = [readTags(record), readTags(value)];
  const key = withoutBlanks(found.get("p"));
  const ours = withoutBlanks(wanted.get("p"));
  if (key === null || ours === null) return [wrong(`${name} holds no DKIM key: ${quoted(record)}`, set)];
  if (key === "") return [wrong(`The DKIM key ${name} is revoked: its p= is empty`, set)];
  if (key !== ours) return [differs(name, key, ours)];
  const version = found.get("v");
  if (version !== undefined && (version !== "DKIM1" || !/^\s*v\s*=/.test(record))) {
    return [wrong(`The DKIM key ${name} must begin with v=DKIM1; to be heeded: ${quoted(record)}`, set)];
  }
  if ((found.get("k") ?? "rsa") !== wanted.get("k")) {
    return [wrong(`The DKIM key ${name} says k=${found.get("k") ?? "rsa (by leaving k= out)"}`, set)];
  }
  for (const [tag, fitting] of LIMITS) {
    const allowed = found.get(tag)?.split(":") ?? fitting;
    if (!allowed.some((one) => fitting.includes(one.trim()))) {
      return [wrong(`The DKIM key ${name} says ${tag}=${found.get(tag)}, which shuts out our signatures`, set)];
    }
  }
  // RFC 6376 §3.6.1: receivers treat mail that is signed by a key under test as if it were not.
  const isTest = found.get("t")?.split(":").includes("y") ?? false;
  return [
    right(`DKIM: ${name} is our key`),
    ...(isTest ? [advice(`${name} is marked as a test (t=y)`, "remove t=y when mail verifies")] : []),
  ];
}

function differs(name: string, key: string, ours: string): Finding {
  if (ours.startsWith(key) || (key.length < ours.length && ours.includes(key.slice(0, 64)))) {
    return wrong(
      `The DKIM key ${name} is cut: ${key.length} of ${ours.length} characters are there`,
      "give it in strings of at most 255 characters, as the list of its records has it; all of them belong to one record",
    );
  }
  return wrong(`The DKIM key ${name} is another than ours`, "replace it by the one that `dns` prints");
}

const withoutBlanks = (text: string | null | undefined): string | null => text?.replaceAll(/\s/g, "") ?? null;
