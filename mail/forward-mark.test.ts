import { describe, expect, it } from "vitest";
import { forwardMark, hasComeBack } from "./forward-mark.ts";
import { receivedField } from "./trace.ts";

const ours = receivedField({
  ...{ rcpt_to: ["ann@a.test"], hop: { helo: "mx.far.example" }, hostname: "mx.a.test", id: "x", received_at: 0 },
});
const theirs = "Received: from mx.a.test by far.example with ESMTP id 1; Thu, 1 Jan 1970 00:00:00 +0000\r\n";
const comesBack = (header: string) =>
  hasComeBack(new TextEncoder().encode(`${header}Subject: x\r\n\r\n`), "Ann@A.test", "mx.a.test");

describe("a message that was passed on", () => {
  it("is known when it comes back, with the fields of others in front", () => {
    expect(comesBack(theirs + forwardMark("ann@a.test") + ours)).toBe(true);
    expect(comesBack(`Delivered-To: <ANN@a.test>\r\n${ours}`)).toBe(true);
  });

  it("by another address, or by another mesh, is another", () => {
    expect(comesBack(forwardMark("ben@a.test") + ours)).toBe(false);
    expect(comesBack(forwardMark("ann@a.test") + theirs)).toBe(false);
    expect(comesBack(ours)).toBe(false);
    expect(comesBack("")).toBe(false);
  });
});
