import { expect, it } from "vitest";
import { conditionsOf, draftOf, filterOf, isEmpty } from "./rule-draft.ts";

const DRAFT = draftOf(null);

it("counts the condition that is being typed", () => {
  const draft = { ...DRAFT, query: "subject:tea", typed: { operator: "from", value: "Ana Luz" } as const };
  expect(conditionsOf(draft, "UTC").query).toBe('subject:tea from:"Ana Luz"');
});

it("does not take a look into the menu for a condition", () => {
  const draft = { ...DRAFT, typed: { operator: "anywhere", value: "" } as const };
  expect(isEmpty(conditionsOf(draft, "UTC"))).toBe(true);
});

it("gives back the filter that it was made of", () => {
  const filter = {
    name: "Invoices",
    conditions: {
      query: "from:shop",
      time_zone: "UTC",
      headers: [{ field: "List-Id", match: "exists" as const, is_not: true }],
    },
    actions: {
      ...{ move_to: [], add_to: [], is_read: true as const, keywords: ["paid"], forward_to: ["box@far.example"] },
      reply: { subject: null, body: "Thanks", body_html: null },
    },
  };
  expect(filterOf(draftOf(filter), "UTC")).toEqual(filter);
});
