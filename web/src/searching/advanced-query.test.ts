import { expect, it } from "vitest";
import { EMPTY_SEARCH, queryOf, searchOf } from "./advanced-query.ts";

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

it("is filled from a query, and writes the same one again", () => {
  const query =
    'ferry (late OR early) -winter -2025 from:"Ines Carvalho" to:bob@mesh.test subject:keys in:"Old mail" after:2026-01-02 before:2026-03-04 has:attachment is:unread';
  const search = searchOf(query, ["inbox", "Old mail"]);
  expect(search).toEqual({
    ...{ words: "ferry (late OR early)", without: "winter 2025", from: "Ines Carvalho", to: "bob@mesh.test" },
    ...{ subject: "keys", folder: "Old mail", after: "2026-01-02", before: "2026-03-04" },
    ...{ has_attachment: true, is_unread: true },
  });
  expect(queryOf(search)).toBe(query);
});

it("leaves among the words what the form cannot say", () => {
  for (const query of [
    "tea OR from:ana",
    "in:Nowhere",
    "after:2026",
    'from:(ana OR ben) -"green cake" -from:ana larger:2M',
  ]) {
    expect(searchOf(query, ["inbox"])).toEqual({ ...EMPTY_SEARCH, words: query });
  }
  expect(searchOf("from:ana from:ben", [])).toEqual({ ...EMPTY_SEARCH, from: "ana", words: "from:ben" });
});
