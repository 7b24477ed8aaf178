import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  begun,
  ended,
  FIRST_CONCURRENCY,
  FIRST_PAUSE_MS,
  MAX_CONCURRENCY,
  MAX_PAUSE_MS,
  MAX_PER_MINUTE,
  mayBegin,
  newThrottle,
  PROBE_AFTER_MS,
  type Signal,
  type Throttle,
} from "./throttle.ts";

const NOW = 1_800_000_000_000;

/** So many transactions, one after the other, each with the same end. */
function repeated(throttle: Throttle, times: number, signal: Signal, now = NOW, running = 1): Throttle {
  let state = throttle;
  for (let n = 0; n < times; n++) state = ended(state, { signal, granted_at: now + n, running }, now + n);
  return state;
}

describe("concurrency", () => {
  it("begins at five and lets no more begin", () => {
    const fresh = newThrottle();
    expect(mayBegin(fresh, FIRST_CONCURRENCY - 1, NOW)).toEqual({ go: true });
    expect(mayBegin(fresh, FIRST_CONCURRENCY, NOW)).toEqual({ go: false, why: "busy" });
  });

  it("grows by about one a round, up to twenty", () => {
    const { concurrency } = repeated(newThrottle(), FIRST_CONCURRENCY, "well");
    expect(Math.round(concurrency)).toBe(FIRST_CONCURRENCY + 1);
    expect(repeated(newThrottle(), 1_000, "well").concurrency).toBe(MAX_CONCURRENCY);
  });

  it("is halved by a destination that pushes back, once for all that ran at that moment", () => {
    const first = ended(newThrottle(), { signal: "slower", granted_at: NOW - 9, running: 5 }, NOW);
    const all = [4, 3, 2, 1].reduce(
      (state, running) => ended(state, { signal: "slower", granted_at: NOW - 8, running }, NOW + 1),
      first,
    );
    expect(first.concurrency).toBe(2.5);
    expect(all).toEqual(first);
  });

  it("stops growing one below what was refused, until some minutes have gone by", () => {
    const cut = ended(newThrottle(), { signal: "stop", granted_at: NOW, running: 5 }, NOW + 1);
    const grown = repeated(cut, 100, "well", NOW + 2);
    expect(grown.concurrency).toBe(4);
    expect(repeated(grown, 100, "well", NOW + PROBE_AFTER_MS + 1).concurrency).toBeGreaterThan(5);
  });

  it("is not changed by what says nothing about the destination", () => {
    expect(repeated(newThrottle(), 10, "none")).toEqual(newThrottle());
  });
});

describe("a pause", () => {
  it("follows a second 421 in a row, grows with each more, and has an end", () => {
    let state = newThrottle();
    const pauses: number[] = [];
    for (let n = 0; n < 12; n++) {
      const now = Math.max(state.paused_until, NOW) + 1;
      state = ended(state, { signal: "stop", granted_at: now, running: 1 }, now + 1);
      pauses.push(Math.max(0, state.paused_until - (now + 1)));
    }
    expect(pauses.slice(0, 4)).toEqual([0, FIRST_PAUSE_MS, 2 * FIRST_PAUSE_MS, 4 * FIRST_PAUSE_MS]);
    expect(pauses.at(-1)).toBe(MAX_PAUSE_MS);
  });

  it("lets nothing begin, and then one", () => {
    const state = repeated(newThrottle(), 2, "stop");
    expect(mayBegin(state, 0, NOW + 2)).toEqual({ go: false, why: "paused", until: state.paused_until });
    expect(mayBegin(state, 0, state.paused_until)).toEqual({ go: true });
    expect(mayBegin(state, 1, state.paused_until)).toEqual({ go: false, why: "busy" });
  });

  it("is forgotten by and by when mail is taken again", () => {
    const state = repeated(newThrottle(), 6, "stop");
    expect(state.strikes).toBe(6);
    expect(repeated(state, 3, "well", state.paused_until).strikes).toBe(0);
  });

  it("does not follow what only asks for a slower pace", () => {
    expect(repeated(newThrottle(), 9, "slower").paused_until).toBe(NOW + 8);
  });
});

describe("the rate", () => {
  const begin = (throttle: Throttle, times: number, now: number): Throttle =>
    Array.from({ length: times }).reduce<Throttle>((state) => begun(state, now), throttle);

  it("is left alone where fewer at once may be enough", () => {
    const cut = ended(begin(newThrottle(), 100, NOW), { signal: "stop", granted_at: NOW, running: 2 }, NOW + 1);
    expect(cut.per_minute).toBe(MAX_PER_MINUTE);
  });

  it("is cut to half of what began, where only one ran, and waits for the next minute", () => {
    const busy = begin(newThrottle(), 100, NOW);
    const cut = ended(busy, { signal: "slower", granted_at: NOW + 1, running: 1 }, NOW + 59_999);
    expect(cut.per_minute).toBeCloseTo(50, 1);
    expect(mayBegin(cut, 0, NOW + 59_999)).toEqual({ go: false, why: "rate", until: NOW + 60_000 });
    const next = begin(cut, 50, NOW + 60_000);
    expect(mayBegin(begin(cut, 49, NOW + 60_000), 0, NOW + 60_001)).toEqual({ go: true });
    expect(mayBegin(next, 0, NOW + 60_001)).toMatchObject({ go: false, why: "rate" });
  });

  it("is not taken for that of a minute which has only just begun", () => {
    const cut = ended(begin(newThrottle(), 10, NOW), { signal: "slower", granted_at: NOW, running: 1 }, NOW + 6_000);
    expect(cut.per_minute).toBe(50);
  });

  it("comes back by a quarter a minute, up to where it was", () => {
    const cut = { ...newThrottle(), per_minute: 40 };
    expect(repeated(cut, 40, "well").per_minute).toBe(50);
    expect(repeated(cut, 4 * MAX_PER_MINUTE, "well").per_minute).toBe(MAX_PER_MINUTE);
  });
});

it("whatever happens, something may begin again within half an hour, and never more than the most", () => {
  const step = fc.record({
    signal: fc.constantFrom<Signal>("well", "slower", "stop", "none"),
    running: fc.integer({ min: 1, max: MAX_CONCURRENCY }),
    passed: fc.integer({ min: 0, max: 3_600_000 }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      let [state, now] = [newThrottle(), NOW];
      for (const { signal, running, passed } of steps) {
        now += passed;
        state = ended(begun(state, now), { signal, granted_at: now, running }, now + 1);
        expect(Math.floor(state.concurrency)).toBeGreaterThanOrEqual(1);
        expect(state.concurrency).toBeLessThanOrEqual(MAX_CONCURRENCY);
        expect(mayBegin(state, 0, now + 1 + MAX_PAUSE_MS)).toEqual({ go: true });
      }
    }),
  );
});

it("a server with room for two turns away few once it is known", () => {
  let [state, now, refused] = [newThrottle(), NOW, 0];
  for (let round = 0; round < 100; round++) {
    now = Math.max(now + 100, state.paused_until);
    const running = Math.floor(state.concurrency);
    for (let n = running; n > 0; n--) {
      const signal = n > 2 ? "stop" : "well";
      if (signal === "stop") refused++;
      state = ended(state, { signal, granted_at: now, running: n }, now + 1);
    }
  }
  expect(refused).toBeLessThan(10);
});
