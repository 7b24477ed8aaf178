import { expect, it } from "vitest";
import { Progress } from "./progress.ts";

function shown(isTTY: boolean, work: (progress: Progress, pass: (milliseconds: number) => void) => void): string {
  let text = "";
  let now = 0;
  const output = { isTTY, write: (piece: string) => (text += piece) };
  const pass = (milliseconds: number) => {
    now += milliseconds;
  };
  work(new Progress(output, () => now), pass);
  return text;
}

it("is one line on a terminal, written over and taken away at the end", () => {
  const text = shown(true, (progress) => {
    progress.show(0, 10, "messages");
    progress.show(5, 10, "messages");
    progress.show(12, 10, "messages");
    progress.end();
  });
  expect(text.split("\r").map((line) => line.trimEnd())).toEqual([
    "",
    "[------------------------] 0 of 10 messages",
    "[############------------] 5 of 10 messages",
    "[########################] 12 of 10 messages",
    "",
    "",
  ]);
});

it("is a line now and then elsewhere", () => {
  const text = shown(false, (progress, pass) => {
    progress.show(1, null, "messages");
    progress.show(2, null, "messages");
    pass(6_000);
    progress.show(3, null, "messages");
    progress.end();
  });
  expect(text).toBe("1 messages\n3 messages\n");
});

it("fills its bar when there is nothing to do", () => {
  expect(shown(true, (progress) => progress.show(0, 0, "messages"))).toContain("[########################] 0 of 0");
});
