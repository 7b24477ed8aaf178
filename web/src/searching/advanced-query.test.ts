import { expect, it } from "vitest";
import { EMPTY_SEARCH, queryOf } from "./advanced-query.ts";

it("the form writes the query that one could have typed", () => {
  expect(queryOf(EMPTY_SEARCH)).toBe("");
  expect(
    queryOf({
      ...{ words: "ferry (late OR early)", without: "winter  2025", from: "Ines Carvalho", to: "bob@mesh.test" },
      ...{ subject: "keys", folder: "Old mail", after: "2026-01-02", before: "2026-03-04" },
      ...{ has_attachment: true, is_unread: true },
    }),
  ).toBe(
    'ferry (late OR early) -winter -2025 from:"Ines Carvalho" to:bob@mesh.test subject:keys in:"Old mail" after:2026-01-02 before:2026-03-04 has:attachment is:unread',
  );
});
