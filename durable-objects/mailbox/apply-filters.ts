/**
 * Filters at a delivery: asked in its transaction, once the message is written, indexed and placed as it would be without
 * them, so that a query sees what a search would see.
 *
 * They see mail that goes to the inbox. Mail that goes to junk is seen by those that say that it is none (`junk: never`),
 * as in Gmail; where one of them matches it goes on as if it had come to the inbox. Besides, a query that names a folder
 * looks there, as in a search: `in:spam`.
 */
import { eq } from "drizzle-orm";
import type { Filter } from "../../contract/filters.ts";
import type { NewFollowUp } from "../../contract/follow-ups.ts";
import { HeaderMatcher } from "../../mail/filters/header-match.ts";
import { message } from "../../schema/mailbox/tables.ts";
import { answersOf } from "./automatic-answers.ts";
import { planOf } from "./filter-conditions.ts";
import { forwardsOf, type Placed, placedBy } from "./filter-effects.ts";
import { enabledFilters } from "./filters.ts";
import { ROLE_ID } from "./folder-roles.ts";
import { folderRows } from "./folders.ts";
import { mayForward } from "./forward-loops.ts";
import type { Letter } from "./letter.ts";
import type { FolderRow, Mailbox, MessageRow } from "./mailbox-database.ts";
import type { Placing } from "./placement.ts";
import { foundAmong } from "./search-statement.ts";
import { isSame } from "./update-messages.ts";

export interface Filtered {
  row: MessageRow;
  follow_ups: NewFollowUp[];
}

/** Part of the delivery's transaction, before its placing is settled. */
export function applyFilters(box: Mailbox, letter: Letter, row: MessageRow, placing: Placing): Filtered {
  const filters = enabledFilters(box);
  if (filters.length === 0 || !letter.examination) return { row, follow_ups: [] };
  const { header } = letter.examination;
  const asked = { box, folders: folderRows(box.db), header: new HeaderMatcher(header), now: letter.received_at };
  const isJunk = row.folder_ids.includes(ROLE_ID.junk);
  const rescuers = isJunk ? filters.filter(({ actions }) => actions.junk === "never") : [];
  const rescue = rescuers.find((one) => matches(asked, one, row, true));
  const found = rescue === undefined ? row : move(box, row, placedBy(box, row, [rescue.actions]), placing);
  const matched = firstUntilStop(filters.filter((one) => matches(asked, one, found, false)));
  const actions = matched.map((one) => one.actions);
  return {
    row: move(box, found, placedBy(box, found, actions), placing),
    follow_ups: [...(mayForward(box, header) ? forwardsOf(matched) : []), ...answersOf(box, letter, matched)],
  };
}

interface Asked {
  box: Mailbox;
  folders: FolderRow[];
  header: HeaderMatcher;
  now: number;
}

function matches(
  { box, folders, header, now }: Asked,
  { conditions }: Filter,
  row: MessageRow,
  seesAll: boolean,
): boolean {
  if (!header.matches(conditions.headers)) return false;
  return foundAmong({ box, folders }, planOf(conditions, now), [row.id], seesAll).length > 0;
}

/** Each filter is asked, in order, until one that matches says that no other is. */
function firstUntilStop(matched: Filter[]): Filter[] {
  const end = matched.findIndex(({ actions }) => actions.stop);
  return end === -1 ? matched : matched.slice(0, end + 1);
}

function move(box: Mailbox, row: MessageRow, placed: Placed, placing: Placing): MessageRow {
  const { keywords, ...place } = placed;
  if (!isSamePlace(row, place)) placing.replace(row, place);
  if (keywords.length > row.keywords.length) {
    box.db.update(message).set({ keywords }).where(eq(message.id, row.id)).run();
  }
  return { ...row, ...placed };
}

const isSamePlace = (one: Omit<Placed, "keywords">, other: Omit<Placed, "keywords">): boolean =>
  one.is_read === other.is_read && one.is_flagged === other.is_flagged && isSame(one.folder_ids, other.folder_ids);
