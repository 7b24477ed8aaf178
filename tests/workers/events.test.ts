import { evictDurableObject } from "cloudflare:test";
import { sql } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { Changes, LiveEvent } from "../../contract/changes.ts";
import { account } from "../../schema/mailbox/tables.ts";
import { done, ok, problemAt } from "./api-answers.ts";
import { mailboxOf } from "./mailbox-inside.ts";
import { aCheckedAccount } from "./mailbox-invariants.ts";
import { deliverMany } from "./many-letters.ts";
import { type Account, aLetter, anAccount, asAdmin, eventually, fetchMesh, ingest, logIn } from "./mesh.ts";

interface Live {
  socket: WebSocket;
  events: LiveEvent[];
  closed: CloseEvent[];
  others: string[];
}

const upgrade = (path: string, headers: Record<string, string>) =>
  fetchMesh(`/v1/events${path}`, { headers: { upgrade: "websocket", ...headers } });
const bearer = (account: Account) => ({ authorization: `Bearer ${account.token}` });

function listen(answer: Response): Live {
  expect(answer.status).toBe(101);
  const socket = answer.webSocket;
  if (socket === null) throw new Error("no socket");
  const live: Live = { socket, events: [], closed: [], others: [] };
  socket.addEventListener("message", ({ data }) => {
    const text = String(data);
    if (text.startsWith("{")) live.events.push(LiveEvent.parse(JSON.parse(text)));
    else live.others.push(text);
  });
  socket.addEventListener("close", (event) => {
    live.closed.push(event);
  });
  socket.accept();
  return live;
}

const connect = async (account: Account, query = ""): Promise<Live> => listen(await upgrade(query, bearer(account)));
const stateOf = async (account: Account): Promise<string> => (await ok(account.call("GET", "/changes"), Changes)).state;
const arrived = (live: Live, count: number) => eventually(async () => live.events.length >= count, 5);

const created = ({ events }: Live): string[] =>
  events.flatMap((event) => (event.type === "changes" ? event.message.created : []));

describe("live events", () => {
  it("begin with hello, and tell of a delivery within a second", async () => {
    const alice = await aCheckedAccount();
    const live = await connect(alice);
    await arrived(live, 1);
    expect(live.events).toEqual([{ type: "hello", state: await stateOf(alice) }]);
    const begin = Date.now();
    await ingest("zoe@far.example", alice.email, aLetter());
    await arrived(live, 2);
    expect(Date.now() - begin).toBeLessThan(1000);
    const [{ id } = { id: "" }] = await alice.messages();
    expect(live.events[1]).toMatchObject({ type: "changes", message: { created: [id] }, state: await stateOf(alice) });
    live.socket.close();
  });

  it("tell every client, of everything, once", async () => {
    const alice = await aCheckedAccount();
    const [one, two] = [await connect(alice), await connect(alice)];
    for (let n = 0; n < 5; n++) await ingest("zoe@far.example", alice.email, aLetter());
    const ids = (await alice.messages()).map(({ id }) => id).reverse();
    for (const live of [one, two]) {
      await arrived(live, 6);
      expect(created(live)).toEqual(ids);
      const states = live.events.map((event) => [event.type === "hello" ? event.state : event.since, event.state]);
      for (const [n, [from]] of states.entries()) if (n > 0) expect(from).toBe(states[n - 1]?.[1]);
      live.socket.close();
    }
  });

  it("catch up with a state, however far it is behind", async () => {
    const alice = await aCheckedAccount();
    const before = await stateOf(alice);
    await deliverMany(alice, 100, () => ({}), { withBytes: true });
    const ids = (await alice.messages()).map(({ id }) => id);
    for (let n = 1; n <= 10; n++) await alice.call("POST", "/messages/batch", { ids, is_read: n % 2 === 1 });
    const live = await connect(alice, `?since=${before}`);
    await arrived(live, 3);
    expect(created(live)).toEqual(ids.reverse());
    expect(live.events[0]).toEqual({ type: "hello", state: before });
    expect(live.events.at(-1)).toMatchObject({ state: await stateOf(alice), has_more: false });
    live.socket.close();
  });

  it("catch up with tens of thousands of changes, a piece at a time", async () => {
    const alice = await anAccount();
    await mailboxOf(alice, ({ db }) =>
      db.run(sql`INSERT INTO change (type, object_id, op) WITH RECURSIVE n(i) AS
        (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 25000) SELECT 'message', i, 'created' FROM n`),
    );
    const live = await connect(alice, "?since=0");
    // Somebody else's mail comes in between.
    await ingest("zoe@far.example", alice.email, aLetter());
    const state = await stateOf(alice);
    await eventually(async () => live.events.at(-1)?.state === state, 5);
    expect(created(live)).toHaveLength(25_001);
    expect(new Set(created(live)).size).toBe(25_001);
    live.socket.close();
  });

  it("of a state that is too old are refused, and nobody else is kept from anything by it", async () => {
    const alice = await aCheckedAccount();
    const live = await connect(alice);
    for (let n = 0; n < 3; n++) await ingest("zoe@far.example", alice.email, aLetter());
    await mailboxOf(alice, ({ db }) => db.update(account).set({ oldest_state: 2 }).run());
    expect(await problemAt(upgrade("?since=1", bearer(alice)))).toBe("state_too_old");
    expect((await alice.call("POST", "/folders", { name: "Trips" })).status).toBe(201);
    await ingest("zoe@far.example", alice.email, aLetter());
    expect(await alice.messages()).toHaveLength(4);
    await arrived(live, 6);
    live.socket.close();
  });

  it("go on after the object slept, with nothing lost and nothing twice", async () => {
    const alice = await aCheckedAccount();
    const live = await connect(alice);
    await ingest("zoe@far.example", alice.email, aLetter({ subject: "before" }));
    await arrived(live, 2);
    await evictDurableObject(alice.stub);
    await ingest("zoe@far.example", alice.email, aLetter({ subject: "after" }));
    await arrived(live, 3);
    expect(created(live)).toEqual((await alice.messages()).map(({ id }) => id).reverse());
    live.socket.close();
  });

  it("survive whatever the client says, and a keep-alive is answered", async () => {
    const alice = await aCheckedAccount();
    const live = await connect(alice);
    for (const said of ["ping", "nonsense", "{", "x".repeat(100_000), new Uint8Array([0, 255])]) live.socket.send(said);
    await eventually(async () => live.others.length > 0, 5);
    await ingest("zoe@far.example", alice.email, aLetter());
    await arrived(live, 2);
    expect([live.others, live.closed]).toEqual([["pong"], []]);
    live.socket.close();
  });

  it("end with the login that they came with, and no other's", async () => {
    const alice = await aCheckedAccount();
    const other = await logIn(alice.email);
    const [hers, others] = [await connect(alice), await connect(other)];
    await done(alice.call("DELETE", "/sessions/current"));
    await eventually(async () => hers.closed.length > 0, 5);
    expect(hers.closed[0]).toMatchObject({ code: 4401 });
    await ingest("zoe@far.example", alice.email, aLetter());
    await arrived(others, 2);
    expect(others.closed).toEqual([]);
    others.socket.close();
  });

  it("end when the password is changed", async () => {
    const alice = await aCheckedAccount();
    const live = await connect(alice);
    await done(asAdmin("PUT", `/accounts/${alice.email}/password`, { password: "another long password" }));
    await eventually(async () => live.closed.length > 0, 5);
    expect(await problemAt(upgrade("", bearer(alice)))).toBe("unauthenticated");
  });

  it("a client that went away is forgotten", async () => {
    const alice = await aCheckedAccount();
    const live = await connect(alice);
    live.socket.close(1000, "bye");
    await ingest("zoe@far.example", alice.email, aLetter());
    expect(await alice.messages()).toHaveLength(1);
  });

  it("are for a hundred clients of one account, and the next one is told so", async () => {
    const alice = await aCheckedAccount();
    const all = await Promise.all(Array.from({ length: 100 }, () => connect(alice)));
    expect(await problemAt(upgrade("", bearer(alice)))).toBe("rate_limited");
    for (const { socket } of all) socket.close();
  });
});

describe("asking for live events", () => {
  it("takes a login that is valid", async () => {
    const alice = await aCheckedAccount();
    const stranger = { authorization: `Bearer ${alice.user_id}.${"A".repeat(43)}` };
    expect(await problemAt(upgrade("", stranger))).toBe("unauthenticated");
    expect(await problemAt(upgrade("", {}))).toBe("unauthenticated");
    await done(alice.call("DELETE", "/sessions/current"));
    expect(await problemAt(upgrade("", bearer(alice)))).toBe("unauthenticated");
  });

  it("takes an upgrade, and a state that makes sense", async () => {
    const alice = await aCheckedAccount();
    expect(await problemAt(alice.call("GET", "/events"))).toBe("bad_request");
    expect(await problemAt(upgrade("?since=x", bearer(alice)))).toBe("bad_request query.since");
    const live = await connect(alice, "?since=999");
    await arrived(live, 1);
    expect(live.events).toEqual([{ type: "hello", state: await stateOf(alice) }]);
    live.socket.close();
  });

  it("with a cookie works from this site alone", async () => {
    const alice = await aCheckedAccount();
    const cookie = `__Host-mailmesh=${alice.token}`;
    for (const headers of [
      { cookie },
      { cookie, origin: "https://evil.example" },
      { cookie, origin: "null" },
      { cookie, origin: "http://mesh.test.evil.example" },
    ]) {
      expect(await problemAt(upgrade("", headers))).toBe("forbidden");
    }
    const live = listen(await upgrade("", { cookie, origin: "http://mesh.test" }));
    await arrived(live, 1);
    live.socket.close();
  });
});
