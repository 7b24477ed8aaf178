/**
 * What filters do to a message. Several that match add up, in their order, as in Gmail and Fastmail: a message goes into
 * the folders of all of them, and each mark stands. Where two do not go together: never junk before always junk, always
 * junk before the trash, the trash before all other folders; of answers the first.
 */
import type { FilterActions, FilterId } from "../../contract/filters.ts";
import type { NewFollowUp } from "../../contract/follow-ups.ts";
import { MAX_KEYWORDS } from "../../contract/limits.ts";
import { addressKey } from "../../mail/address/address-key.ts";
import { folderNumbers } from "./filters.ts";
import { ROLE_ID } from "./folder-roles.ts";
import type { Mailbox, MessageRow } from "./mailbox-database.ts";

export type Placed = Pick<MessageRow, "folder_ids" | "is_read" | "is_flagged" | "keywords">;

/** Where a message that is moved does not stay. */
const LEFT = [ROLE_ID.inbox, ROLE_ID.archive, ROLE_ID.junk, ROLE_ID.trash];

/** Folders that were deleted since are left out: a message that would go there alone stays where it is. */
export function placedBy(box: Mailbox, before: Placed, matched: FilterActions[]): Placed {
  const keywords = [...new Set([...before.keywords, ...matched.flatMap((one) => one.keywords)])];
  return {
    folder_ids: foldersBy(box, before.folder_ids, matched),
    is_read: before.is_read || matched.some((one) => one.is_read),
    is_flagged: before.is_flagged || matched.some((one) => one.is_flagged),
    keywords: keywords.length > MAX_KEYWORDS ? before.keywords : keywords,
  };
}

function foldersBy(box: Mailbox, before: number[], matched: FilterActions[]): number[] {
  const isNever = matched.some(({ junk }) => junk === "never");
  if (!isNever && matched.some(({ junk }) => junk === "always")) return [ROLE_ID.junk];
  if (matched.some((one) => one.delete)) return [ROLE_ID.trash];
  const folders = new Set(before);
  if (isNever && folders.delete(ROLE_ID.junk)) folders.add(ROLE_ID.inbox);
  const moved = folderNumbers(
    box,
    matched.flatMap(({ move_to }) => move_to),
  );
  const added = folderNumbers(
    box,
    matched.flatMap(({ add_to }) => add_to),
  );
  const isMoved = moved.length > 0 || matched.some(({ archive }) => archive);
  if (isMoved) for (const id of LEFT) folders.delete(id);
  for (const id of [...moved, ...added]) folders.add(id);
  return folders.size === 0 ? [ROLE_ID.archive] : [...folders];
}

export interface Matched {
  id: FilterId;
  actions: FilterActions;
}

/** Forwards, each address once, in their order. */
export function forwardsOf(matched: Matched[]): NewFollowUp[] {
  const targets = new Map(matched.flatMap(({ actions }) => actions.forward_to.map((to) => [addressKey(to), to])));
  return Array.from(targets.values(), (to) => ({ kind: "forward" as const, to }));
}
