import { expect, it, vi } from "vitest";
import { ProgressBar } from "./progress-bar.ts";

function shown(isTTY: boolean, work: (progress: ProgressBar, pass: (milliseconds: number) => void) => void): string {
  let text = "";
  const output = { isTTY, columns: 80, write: (piece: string) => (text += piece) };
  vi.useFakeTimers({ now: 1_700_000_000_000 });
  try {
    work(new ProgressBar("Reading", output), (milliseconds) => vi.advanceTimersByTime(milliseconds));
  } finally {
    vi.useRealTimers();
  }
  return text;
}

it("is one line on a terminal, written over and taken away at the end", () => {
  const text = shown(true, (progress, pass) => {
    for (const done of [0, 5, 12]) {
      progress.show(done, 10, `${done} messages`);
      progress.show(done, 10, "not so often");
      pass(200);
    }
    progress.clear();
  });
  expect(text.split("\r\u001b[K")).toEqual([
    "",
    `Reading [${".".repeat(30)}]   0% 0 messages`,
    `Reading [${"#".repeat(15)}${".".repeat(15)}]  50% 5 messages`,
    `Reading [${"#".repeat(30)}] 100% 12 messages`,
    "",
  ]);
});

it("is a line now and then in a log, without a bar where nobody knows how much there is", () => {
  const text = shown(false, (progress, pass) => {
    progress.show(1, null, "1 messages");
    pass(11_000);
    progress.show(2, null, "2 messages");
    progress.show(3, null, "3 messages");
    progress.clear();
  });
  expect(text).toBe("Reading 2 messages\n");
});
