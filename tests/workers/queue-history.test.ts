/** How much waited to leave in the last days, as the cron saw it. */
import { createScheduledController, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { DIRECTORY, QueueHistory } from "../../contract/operator.ts";
import worker from "../../workers/index.ts";
import { ok, problemAt } from "./api-answers.ts";
import { asAdmin, fetchMesh } from "./mesh.ts";
import { aDestination, directoryHears } from "./operator.ts";

const MINUTE = 60_000;
const SLOT = 10 * MINUTE;
/** Where ten minutes begin, in the hour to come and not in a moment: what waits, waits since now. */
const BEGIN = (Math.ceil(Date.now() / SLOT) + 1) * SLOT;

const lookAt = (time: number) =>
  worker.scheduled(createScheduledController({ scheduledTime: new Date(time), cron: "* * * * *" }), env);

const history = async (query = "") => (await ok(asAdmin("GET", `/queue-history${query}`), QueueHistory)).points;

/** So many recipients wait at a destination; called, none do any more. */
async function thatManyWait(recipients: number): Promise<() => Promise<void>> {
  const name = aDestination();
  const stub = env.DESTINATION.getByName(name);
  const key = { user_id: "u0000000000000000", submission_id: 1 };
  await stub.waits(name, { ...key, recipients, cause: null, next_attempt_at: Date.now() });
  await directoryHears(name);
  return async () => {
    await stub.noLongerWaits(name, key);
    await directoryHears(name);
  };
}

const inDirectory = <T>(work: (sql: SqlStorage) => T) =>
  runInDurableObject(env.DIRECTORY.getByName(DIRECTORY), (_object, { storage }) => work(storage.sql));

beforeEach(async () => {
  await env.DIRECTORY.getByName(DIRECTORY).totals();
  await inDirectory((sql) => sql.exec("DELETE FROM queue_point"));
  // What tests before these left waiting, whose turn came by chance.
  await inDirectory((sql) => sql.exec("DELETE FROM entry"));
});

describe("the history of the queue", () => {
  it("has a point for each ten minutes, with the most that was seen in them", async () => {
    await lookAt(BEGIN);
    const [gone, stays] = [await thatManyWait(5), await thatManyWait(2)];
    await lookAt(BEGIN + SLOT + MINUTE);
    await gone();
    await lookAt(BEGIN + SLOT + 9 * MINUTE);
    await lookAt(BEGIN + 2 * SLOT);
    const [none, most, left, ...more] = await history();
    expect(more).toEqual([]);
    const at = (n: number) => new Date(BEGIN + n * SLOT).toISOString();
    expect(none).toEqual({ at: at(0), submissions: 0, recipients: 0, oldest_seconds: 0 });
    expect(most).toMatchObject({ at: at(1), submissions: 2, recipients: 7 });
    expect(left).toMatchObject({ at: at(2), submissions: 1, recipients: 2 });
    expect(most?.oldest_seconds).toBeGreaterThanOrEqual(19 * 60);
    expect(left?.oldest_seconds).toBeGreaterThan(most?.oldest_seconds ?? 0);
    await stays();
  });

  it("is asked for from a moment on", async () => {
    for (let n = 0; n < 4; n++) await lookAt(BEGIN + n * SLOT);
    const from = (time: number) => history(`?since=${encodeURIComponent(new Date(time).toISOString())}`);
    expect(await from(BEGIN + 2 * SLOT)).toHaveLength(2);
    expect(await from(BEGIN + 2 * SLOT + 1)).toHaveLength(1);
    expect(await history(`?since=${encodeURIComponent("2099-01-01T00:00:00+02:00")}`)).toEqual([]);
    expect(await problemAt(asAdmin("GET", "/queue-history?since=yesterday"))).toBe("bad_request query.since");
  });

  it("is a week long, whatever was before", async () => {
    const now = Math.floor(Date.now() / SLOT) * SLOT;
    await inDirectory((sql) => {
      for (let n = 1; n <= 2000; n++) sql.exec("INSERT INTO queue_point VALUES (?, 1, 1, 1)", now - n * SLOT);
    });
    await lookAt(now);
    const points = await history();
    expect(points).toHaveLength(7 * 24 * 6 + 1);
    expect(points.at(-1)?.at).toBe(new Date(now).toISOString());
  });

  it("costs nothing in a minute that is like the one before", async () => {
    await lookAt(BEGIN);
    const changes = () => inDirectory((sql) => Number(sql.exec("SELECT total_changes() AS n").one().n));
    const before = await changes();
    await lookAt(BEGIN + MINUTE);
    expect((await changes()) - before).toBe(0);
  });

  it("is the operator's", async () => {
    expect(await problemAt(fetchMesh("/v1/admin/queue-history"))).toBe("unauthenticated");
  });
});
