/** Every step of a submission is told live, and what is told is there to read. */
import { describe, expect, it } from "vitest";
import { Changes, LiveEvent } from "../../contract/changes.ts";
import { ok } from "./api-answers.ts";
import { aCheckedAccount } from "./mailbox-invariants.ts";
import { type Account, eventually, fetchMesh } from "./mesh.ts";
import { alarmAfter, newestJob, queueForgets, relayThrough, send, submissionOf } from "./outgoing.ts";

const BOB = "bob@far.example";

/** How often a live client was told of a submission. */
async function toldOf(account: Account) {
  const headers = { upgrade: "websocket", authorization: `Bearer ${account.token}` };
  const { webSocket } = await fetchMesh("/v1/events", { headers });
  const told: string[] = [];
  webSocket?.addEventListener("message", ({ data }) => {
    const event = LiveEvent.parse(JSON.parse(String(data)));
    if (event.type !== "changes") return;
    told.push(...event.submission.created.map((id) => `${id} created`));
    told.push(...event.submission.changed.map((id) => `${id} changed`));
  });
  webSocket?.accept();
  return { told, close: () => webSocket?.close() };
}

describe("a live client", () => {
  it("hears of each step from queued to sent, and of nothing when it has ended", async () => {
    const alice = await aCheckedAccount();
    const live = await toldOf(alice);
    await relayThrough({ rules: [{ on: "MAIL", do: [{ pause_ms: 300 }, "250 2.1.0 Ok"] }] });
    const states: string[] = [];
    const sent = await send(alice, [BOB], { undo_seconds: 1 });
    let since = (await ok(alice.call("GET", "/changes?since=0"), Changes)).state;
    states.push((await submissionOf(alice, sent)).state);
    while (states.at(-1) !== "sent") {
      const changes = await ok(alice.call("GET", `/changes?since=${since}&wait=5`), Changes);
      since = changes.state;
      // The alarm wakes who waits, whether it changed anything or not.
      if (changes.submission.changed.length === 0) continue;
      expect(changes.submission.changed).toEqual([sent.submission_id]);
      states.push((await submissionOf(alice, sent)).state);
    }
    expect(states).toEqual(["queued", "sending", "sent"]);
    const changed = `${sent.submission_id} changed`;
    await eventually(async () => live.told.length >= 3);
    expect(live.told).toEqual([`${sent.submission_id} created`, changed, changed]);
    live.close();
  });

  it("hears that a dead consumer left a recipient uncertain", async () => {
    const alice = await aCheckedAccount();
    queueForgets();
    const sent = await send(alice, [BOB]);
    await alarmAfter(0, alice.stub);
    const { submission_id } = await newestJob(alice.stub);
    await alice.stub.claim(submission_id, "of the dead");
    await alice.stub.handOver(submission_id, "of the dead", [BOB]);
    const live = await toldOf(alice);
    await alarmAfter(100, alice.stub);
    await eventually(async () => live.told.includes(`${sent.submission_id} changed`));
    expect(await submissionOf(alice, sent)).toMatchObject({ state: "uncertain" });
    live.close();
  });
});
