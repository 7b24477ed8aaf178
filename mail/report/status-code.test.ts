import { describe, expect, it } from "vitest";
import { isAboutTheAddress, statusOf } from "./status-code.ts";

describe("the code of a failure", () => {
  it.each([
    ["5.1.1", "", "5.1.1"],
    ["5.0.0", "550 5.2.1 disabled", "5.2.1"],
    ["5.0.0", "550 User unknown", "5.1.1"],
    ["5.7.1", "550 5.1.1 user unknown", "5.7.1"],
    ["4.0.0", "user unknown, will be tried again", "4.0.0"],
    ["4.4.7", "550 5.1.1", "4.4.7"],
    [null, "host mx [5.1.1.7] said: 550 go away", null],
    [null, "550 05.1.1", null],
    [null, "The mailbox bob is currently disabled", "5.2.1"],
    [null, "", null],
    ["5.01.001 (bad address)", "", "5.1.1"],
  ])("%j with the words %j is %j", (given, words, status) => expect(statusOf(given, words)).toBe(status));

  it.each(["5.1.1", "5.1.2", "5.1.10", "5.2.1"])("%s is about the address", (status) =>
    expect(isAboutTheAddress(status)).toBe(true),
  );
  it.each(["5.0.0", "5.1.0", "5.1.8", "5.2.2", "5.3.4", "5.4.1", "5.7.1", "4.1.1", "5.7.26"])(
    "%s is about something else",
    (status) => expect(isAboutTheAddress(status)).toBe(false),
  );
});
