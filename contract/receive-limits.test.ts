import { expect, it } from "vitest";
import { parseReceiveLimits } from "./receive-limits.ts";

it("no setting, or an empty one, is the defaults; off is none", () => {
  expect(parseReceiveLimits(undefined)).toMatchObject({ source_per_minute: 300, mailbox_burst: 1000 });
  expect(parseReceiveLimits("")).toEqual(parseReceiveLimits(undefined));
  expect(parseReceiveLimits("off")).toBeNull();
});

it("a number takes the place of its default, and leaves the others", () => {
  const limits = parseReceiveLimits(" mailbox_burst = 5 , source_per_minute=7");
  expect(limits).toEqual({ ...parseReceiveLimits(""), mailbox_burst: 5, source_per_minute: 7 });
});

it.each([
  "on",
  "mailbox_burst",
  "mailbox_burst=0",
  "mailbox_burst=many",
  "mailbox_burst=1.5",
  "burst=5",
  "=",
  "mailbox_burst=5=6",
])("%j is refused", (setting) => {
  expect(() => parseReceiveLimits(setting)).toThrow();
});
