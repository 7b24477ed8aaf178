import { expect, it } from "vitest";
import { Thread } from "../../../contract/messages.ts";
import { wholeThread } from "./whole-thread.ts";

const page = (next_cursor: string | null) =>
  Thread.parse({ id: "0".repeat(11), user_id: `u${"0".repeat(16)}`, is_muted: false, messages: [], next_cursor });

it("asks for page after page, to the newest message, and for so many at most", async () => {
  const asked: (string | null)[] = [];
  const pageOf = (pages: number) => async (cursor: string | null) => {
    asked.push(cursor);
    return page(asked.length < pages ? String(asked.length) : null);
  };
  expect((await wholeThread(pageOf(3))).next_cursor).toBeNull();
  expect(asked.splice(0)).toEqual([null, "1", "2"]);
  await wholeThread(pageOf(1000));
  expect(asked).toHaveLength(10);
});
