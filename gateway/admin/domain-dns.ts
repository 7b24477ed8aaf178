/** `dns` and `rotate-keys`: the records of a domain as one enters them, at a DNS provider or in a zone file. */
import type { DnsRecord } from "../../contract/dns.ts";
import type { AdminApi } from "../admin-api.ts";
import type { Options } from "./commands.ts";
import { table } from "./table.ts";
import { ValueError } from "./usage-error.ts";

export async function dns(api: AdminApi, [name = ""]: string[]): Promise<string[]> {
  const { domain, records, mta_sts, advice } = await api.dns(name);
  return [
    `Set these records for ${domain}, then run: npm run doctor -- ${domain}`,
    "",
    ...records.flatMap(zoneLines),
    `The MTA-STS policy, at ${mta_sts.url}:`,
    "",
    ...mta_sts.policy.trimEnd().split("\r\n"),
    "",
    ...advice.map((sentence) => `- ${sentence}`),
  ];
}

const zoneLines = (record: DnsRecord): string[] => [`; ${record.about}`, zoneLine(record), ""];

/** RFC 1035 §5.1. A text is in one or several quoted strings, which are one record. */
function zoneLine({ name, type, priority, value, strings }: DnsRecord): string {
  if (type === "MX") return `${name}. IN MX ${priority ?? 10} ${value}.`;
  const texts = (strings ?? [value]).map((text) => `"${text.replaceAll(/["\\]/g, "\\$&")}"`);
  return `${name}. IN TXT ${texts.length === 1 ? texts[0] : `( ${texts.join(" ")} )`}`;
}

const DEFAULT_HOURS = 48;

export async function rotateKeys(api: AdminApi, [name = ""]: string[], { after }: Options): Promise<string[]> {
  const { keys, records } = await api.rotateKeys(name, hoursOf(after));
  const rows = keys.map(({ selector, algorithm, state, active_from, retired_at }) => [
    ...[selector, algorithm, state, active_from, retired_at ?? ""],
  ]);
  const isNew = ({ name: owner }: DnsRecord) =>
    keys.some(({ selector, retired_at }) => retired_at === null && owner.startsWith(`${selector}.`));
  return [
    ...table(["SELECTOR", "ALGORITHM", "STATE", "SIGNS FROM", "UNTIL"], rows),
    "",
    "Set these records now. Leave those of the others until seven days after they stopped signing.",
    "",
    ...records.filter(isNew).flatMap(zoneLines),
  ];
}

function hoursOf(text: string | undefined): number {
  const hours = text === undefined ? DEFAULT_HOURS : Number(text);
  if (text?.trim() === "" || !(hours >= 0 && hours <= 720)) {
    throw new ValueError(`${JSON.stringify(text)} is not a number of hours from 0 to 720`);
  }
  return hours;
}
