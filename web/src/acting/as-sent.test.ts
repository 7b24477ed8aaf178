import { expect, it } from "vitest";
import type { Folder, FolderRole } from "../../../contract/folders.ts";
import { listed } from "../list/list-rows.test-support.ts";
import { asSent } from "./as-sent.ts";
import { type Actable, actable, stepsBack, stepsOf } from "./update.ts";

const ROLES: FolderRole[] = ["inbox", "archive", "junk", "trash"];
const ids = (...names: string[]) => names as Folder["id"][];
const folders = ids(...ROLES, "work", "home").map(
  (id): Folder => ({
    ...{ id, user_id: listed("1").user_id, parent_id: null, name: id, total: 0, unread: 0, size: 0 },
    role: ROLES.find((role) => role === String(id)) ?? null,
  }),
);
const message = (...names: string[]): Actable => ({ ...actable(listed("1")), folder_ids: ids(...names) });
const sent = (messages: Actable[], ...wanted: string[]) =>
  stepsOf(messages, () => ({ folder_ids: ids(...wanted) }), folders)
    .flatMap(asSent)
    .map(({ update }) => update);

it("says of a label that it was added or taken away, and nothing of where the message is", () => {
  expect(sent([message("inbox")], "inbox", "work")).toEqual([{ add_folder_ids: ["work"] }]);
  expect(sent([message("inbox", "work")], "inbox")).toEqual([{ remove_folder_ids: ["work"] }]);
});

it("says of a move that the message is in no other place, and nothing of its labels", () => {
  expect(sent([message("inbox", "work")], "work", "archive")).toEqual([
    { add_folder_ids: ["archive"], remove_folder_ids: ["inbox", "junk", "trash"] },
  ]);
  expect(sent([message("inbox")], "work")).toEqual([
    { add_folder_ids: ["work"], remove_folder_ids: ["inbox", "archive", "junk", "trash"] },
  ]);
});

it("goes to trash from everywhere, and back to where it was", () => {
  expect(sent([message("inbox", "work")], "trash")).toEqual([{ folder_ids: ["trash"] }]);
  const [step] = stepsOf([message("inbox", "work")], () => ({ delete: true }), folders);
  const back = (step ? stepsBack(step, folders) : []).flatMap(asSent).map(({ update }) => update);
  expect(back).toEqual([{ add_folder_ids: ["inbox", "work"], remove_folder_ids: ["trash", "archive", "junk"] }]);
});

it("asks once for all messages that were alike, and not at all for those that are so already", () => {
  const alike = [message("inbox"), message("inbox"), message("archive")];
  expect(sent(alike, "archive")).toHaveLength(1);
});
