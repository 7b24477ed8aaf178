/** `/metrics`, read by a parser that others use, and what stands behind its counters. */
import { env } from "cloudflare:workers";
import parsePrometheus from "parse-prometheus-text-format";
import { afterEach, describe, expect, it } from "vitest";
import { problemAt } from "./api-answers.ts";
import { ADMIN_SECRET, aDomain, anAccount, fetchMesh } from "./mesh.ts";
import { aDeferredSubmission, aDestination, directoryHears } from "./operator.ts";
import { alarmAfter, attemptAfter, consume, queueForgets, relayThrough, send } from "./outgoing.ts";

const { METRICS } = env;

afterEach(() => {
  if (METRICS) env.METRICS = METRICS;
});

const scrape = async (): Promise<string> => {
  const answer = await fetchMesh("/metrics", { headers: { authorization: `Bearer ${ADMIN_SECRET}` } });
  expect(answer.status).toBe(200);
  expect(answer.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
  return answer.text();
};

/** The value of each series of a family whose labels have these. */
async function valuesOf(family: string, labels: Record<string, string> = {}): Promise<Record<string, number>> {
  const found = parsePrometheus(await scrape()).find(({ name }) => name === family);
  const wanted = Object.entries(labels);
  const series = (found?.metrics ?? []).filter((one) => wanted.every(([key, value]) => one.labels?.[key] === value));
  return Object.fromEntries(
    series.map((one) => [one.labels?.result ?? one.labels?.destination ?? "", Number(one.value)]),
  );
}

describe("metrics", () => {
  it("are nobody's without the secret", async () => {
    expect(await problemAt(fetchMesh("/metrics"))).toBe("unauthenticated");
    const wrong = fetchMesh("/metrics", { headers: { authorization: "Bearer wrong" } });
    expect(await problemAt(wrong)).toBe("unauthenticated");
  });

  it("count what became of recipients, by destination", async () => {
    const alice = await anAccount();
    const name = aDestination();
    await aDeferredSubmission(alice, `bob@${name}`, `ann@${name}`);
    await relayThrough({ rules: [{ on: `RCPT TO:<ann`, do: ["550 5.1.1 Nobody"] }] });
    await attemptAfter(5, alice.stub);
    await env.DESTINATION.getByName(name).count(name, { bounced: 1, complained: 2 });
    await directoryHears(name);
    const counted = await valuesOf("mailmesh_recipients_total", { destination: name });
    expect(counted).toEqual({ sent: 1, deferred: 2, failed: 1, bounced: 1, complained: 2 });
  });

  it("count mail within the mesh by its domain", async () => {
    const domain = await aDomain();
    const [alice, bob] = [await anAccount(domain, "alice"), await anAccount(domain, "bob")];
    queueForgets();
    await send(alice, [bob.email], { undo_seconds: 0 });
    await alarmAfter(0, alice.stub);
    await consume(alice.stub);
    await directoryHears(domain);
    expect(await valuesOf("mailmesh_recipients_total", { destination: domain })).toEqual({ delivered: 1 });
  });

  it("say what waits, and since when", async () => {
    const alice = await anAccount();
    const name = aDestination();
    await aDeferredSubmission(alice, `bob@${name}`, `ann@${name}`);
    await directoryHears(name);
    expect(await valuesOf("mailmesh_queue_recipients", { destination: name })).toEqual({ [name]: 2 });
    const ages = await valuesOf("mailmesh_queue_oldest_seconds", { destination: name });
    expect(ages[name]).toBeGreaterThanOrEqual(0);
    expect(ages[name]).toBeLessThan(60);
    expect(await valuesOf("mailmesh_dead_letters")).toEqual({ "": 0 });
  });

  it("have series for two hundred destinations, and one for all others", { timeout: 60_000 }, async () => {
    const directory = env.DIRECTORY.getByName("destinations");
    const before = Object.keys(await valuesOf("mailmesh_recipients_total", { result: "sent" })).length;
    for (let n = 0; n < 250; n++) {
      await directory.said({
        ...{ name: `many-${n}.example`, submissions: 1, recipients: 10, oldest_at: Date.now(), causes: [] },
        ...{ concurrency: 5, per_minute: 60, paused_until: 0, counters: { sent: 7 }, said_at: Date.now() },
      });
    }
    const counted = await valuesOf("mailmesh_recipients_total", { result: "sent" });
    const parsed = parsePrometheus(await scrape()).find(({ name }) => name === "mailmesh_recipients_total");
    const named = new Set(parsed?.metrics.map((one) => one.labels?.destination));
    expect(named.size).toBe(201);
    expect(named.has("other")).toBe(true);
    expect(Object.keys(counted)).toEqual(["sent"]);
    expect(before).toBe(1);
    const waits = await valuesOf("mailmesh_queue_recipients");
    expect(Object.keys(waits)).toHaveLength(201);
    const all = Object.values(waits).reduce((sum, recipients) => sum + recipients, 0);
    expect(all).toBe((await directory.totals()).recipients);
  });
});

describe("Analytics Engine", () => {
  it("is given a point for each result of a transaction, with the sender's domain", async () => {
    const alice = await anAccount();
    const name = aDestination();
    const points: unknown[] = [];
    const METRICS = { writeDataPoint: (point: unknown) => void points.push(point) };
    await relayThrough({ rules: [{ on: "RCPT TO:<ann", do: ["550 5.1.1 Nobody"] }] });
    queueForgets();
    await send(alice, [`bob@${name}`, `ann@${name}`], { undo_seconds: 0 });
    await alarmAfter(0, alice.stub);
    Object.assign(env, { METRICS });
    await consume(alice.stub);
    const sender = alice.email.split("@")[1];
    const point = (result: string) => ({ indexes: [name], blobs: [name, result, sender], doubles: [1] });
    expect(points).toHaveLength(2);
    expect(points).toEqual(expect.arrayContaining([point("sent"), point("failed")]));
  });

  it("may be missing", async () => {
    const alice = await anAccount();
    const peer = await relayThrough();
    queueForgets();
    await send(alice, [`bob@${aDestination()}`], { undo_seconds: 0 });
    await alarmAfter(0, alice.stub);
    delete env.METRICS;
    await consume(alice.stub);
    expect((await peer.sessions()).flatMap(({ messages }) => messages)).toHaveLength(1);
  });
});
