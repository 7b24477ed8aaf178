import { setImmediate as turn } from "node:timers/promises";
import { expect, it } from "vitest";
import { LaneFull, Turnstile } from "./turnstile.ts";

/** Work that ends when it is told to. */
function held() {
  const ends: (() => void)[] = [];
  const work = () => new Promise<void>((end) => ends.push(end));
  return { work, running: () => ends.length, endOne: () => ends.shift()?.() };
}

it("lets so many in at once, the others one after the other as they came, and no more than may wait", async () => {
  const turnstile = new Turnstile(2, 3);
  const { work, running, endOne } = held();
  const done: number[] = [];
  const all = [1, 2, 3, 4, 5].map((n) => turnstile.pass("a", work).then(() => done.push(n)));
  await turn();
  expect(running()).toBe(2);
  await expect(turnstile.pass("a", work)).rejects.toThrow(LaneFull);
  for (let n = 0; n < 5; n++) {
    endOne();
    await turn();
  }
  await Promise.all(all);
  expect(done).toEqual([1, 2, 3, 4, 5]);
  expect(turnstile.size).toBe(0);
});

it("has a lane for each: one that is full is nobody else's", async () => {
  const turnstile = new Turnstile(1, 0);
  const { work, endOne } = held();
  const first = turnstile.pass("a", work);
  await expect(turnstile.pass("a", work)).rejects.toThrow(LaneFull);
  expect(await turnstile.pass("b", async () => "through")).toBe("through");
  endOne();
  await first;
  expect(turnstile.size).toBe(0);
});

it("goes on after work that failed", async () => {
  const turnstile = new Turnstile(1, 1);
  const failing = turnstile.pass("a", () => Promise.reject(new Error("lost")));
  const next = turnstile.pass("a", async () => "done");
  await expect(failing).rejects.toThrow("lost");
  expect(await next).toBe("done");
  expect(turnstile.size).toBe(0);
});
