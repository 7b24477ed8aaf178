/**
 * What an archive's message says of its own state: labels, flags and when it came, read from header fields that the
 * program which kept it wrote. The fields stay where they are; the message's bytes are never changed.
 */

import { textsOfFields } from "../named-fields.ts";
import { parseDate } from "../parse/date.ts";
import type { ArchiveFolder } from "./archive-folder.ts";
import type { Flags } from "./entry-place.ts";
import { readGmailLabels } from "./gmail-labels.ts";

const NAMES = new Set([
  ...["x-gmail-labels", "status", "x-status", "x-mozilla-status"],
  ...["received", "x-received", "date", "return-path", "delivered-to"],
]);

export interface Marks {
  /** Null where the message says nothing of where it was. */
  folders: ArchiveFolder[] | null;
  flags: Flags | null;
  /** Thunderbird leaves what was deleted in the file until it is compacted. */
  is_deleted: boolean;
  /** When the last server on the way took the message. */
  received_at: number | null;
  /** What the author's clock said. */
  sent_at: number | null;
  return_path: string;
  /** The address of its owner that it came to, as the last server wrote it. It may be one that the owner has no more. */
  delivered_to: string[];
}

export function readMarks(bytes: Uint8Array): Marks {
  const fields = textsOfFields(bytes, NAMES);
  const one = (name: string): string | undefined => fields.get(name)?.[0];
  const labels = one("x-gmail-labels");
  const labelled = labels === undefined ? null : readGmailLabels(labels);
  const mozilla = mozillaBits(one("x-mozilla-status"));
  return {
    folders: labelled?.folders ?? null,
    flags: labelled?.flags ?? mozillaFlags(mozilla) ?? statusFlags(one("status"), one("x-status")),
    is_deleted: mozilla !== null && (mozilla & EXPUNGED) !== 0,
    received_at: traceDate(one("received")) ?? traceDate(one("x-received")),
    sent_at: parseDate(one("date") ?? ""),
    return_path: /^\s*<([^<>\s]{1,254})>/.exec(one("return-path") ?? "")?.[1] ?? "",
    delivered_to: [one("delivered-to") ?? ""].filter((address) => ADDRESS.test(address)),
  };
}

const ADDRESS = /^[^\s<>@]{1,64}@[^\s<>@]{1,189}$/;

/** RFC 5321 §4.4: the date stands behind the last semicolon. */
const traceDate = (received: string | undefined): number | null =>
  received?.includes(";") ? parseDate(received.slice(received.lastIndexOf(";") + 1)) : null;

const EXPUNGED = 0x0008;

function mozillaBits(field: string | undefined): number | null {
  const [digits] = /^[0-9a-f]{4}/i.exec(field ?? "") ?? [];
  return digits === undefined ? null : Number.parseInt(digits, 16);
}

function mozillaFlags(bits: number | null): Flags | null {
  if (bits === null) return null;
  const has = (bit: number) => (bits & bit) !== 0;
  return { is_read: has(0x0001), is_answered: has(0x0002), is_flagged: has(0x0004), is_draft: false };
}

/** `Status: RO` and `X-Status: AF`, from the days of elm, still written by mutt and Dovecot. */
function statusFlags(status: string | undefined, xStatus: string | undefined): Flags | null {
  if (status === undefined && xStatus === undefined) return null;
  const has = (letter: string) => `${status ?? ""}${xStatus ?? ""}`.includes(letter);
  return { is_read: has("R"), is_answered: has("A"), is_flagged: has("F"), is_draft: has("T") };
}
