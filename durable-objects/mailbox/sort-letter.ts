/**
 * Where a letter that comes in goes: what the mesh found out about it meets what this mailbox knows and its owner wants.
 * It is asked in the delivery's own transaction and writes nothing.
 */
import type { NewFollowUp } from "../../contract/follow-ups.ts";
import type { SpamVerdict } from "../../contract/spam.ts";
import type { Warning } from "../../contract/warnings.ts";
import { ROLE_ID } from "./folder-roles.ts";
import { impersonationWarnings } from "./impersonation.ts";
import type { Letter } from "./letter.ts";
import type { Mailbox } from "./mailbox-database.ts";
import { judge } from "./spam-score.ts";

export interface Sorted {
  folder_ids: number[];
  is_read: boolean;
  spam: SpamVerdict | null;
  warnings: Warning[];
  /** What is to leave because it came. */
  follow_ups: NewFollowUp[];
}

/** `into`: the archive, read, for what was meant for the mesh and is done, a request to unsubscribe. */
export function sortLetter(box: Mailbox, letter: Letter, into: "inbox" | "archive"): Sorted {
  const { examination } = letter;
  const warnings = [...(examination?.warnings ?? []), ...impersonationWarnings(box, letter)];
  const spam = judge(box, letter, warnings);
  return {
    folder_ids: [spam?.is_spam ? ROLE_ID.junk : ROLE_ID[into]],
    is_read: into === "archive",
    spam,
    warnings,
    follow_ups: [],
  };
}
