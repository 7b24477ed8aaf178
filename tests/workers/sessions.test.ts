/** What is logged in to an account, and how its owner ends it. */
import { runInDurableObject } from "cloudflare:test";
import { afterEach, describe, expect, it, vi } from "vitest";
import { ACCOUNT_HEADER } from "../../contract/account-header.ts";
import { MAX_SESSIONS } from "../../contract/limits.ts";
import { type OpenSession, OpenSessions } from "../../contract/sessions.ts";
import { hashPassword } from "../../workers/accounts/password.ts";
import { done, ok, problemAt } from "./api-answers.ts";
import { liveOf } from "./live-socket.ts";
import { type Account, aDomain, anAccount, fetchMesh, logIn, PASSWORD } from "./mesh.ts";

const HOUR = 3_600_000;

afterEach(() => {
  vi.useRealTimers();
});

const sessionsOf = async (account: Account): Promise<OpenSession[]> =>
  (await ok(account.call("GET", "/sessions"), OpenSessions)).sessions;
const current = async (account: Account) => (await sessionsOf(account)).find(({ is_current }) => is_current);
const isOpen = async (account: Account) => (await account.call("GET", "/folders")).status === 200;

/** Rows that the requests of `work` write into the object. */
const written = (account: Account, work: () => Promise<unknown>) =>
  runInDurableObject(account.stub, async (_mailbox, { storage }) => {
    const changes = () => Number(storage.sql.exec("SELECT total_changes() AS n").one().n);
    const before = changes();
    await work();
    return changes() - before;
  });

describe("the sessions of an account", () => {
  it("are listed newest first, with what each said of itself, and the one that asks is marked", async () => {
    const phone = await anAccount();
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 1000 });
    const headers = { "content-type": "application/json", "user-agent": `Firefox ${"x".repeat(400)}` };
    const body = JSON.stringify({ email: phone.email, password: PASSWORD });
    const answer = await fetchMesh("/v1/sessions", { method: "POST", headers, body });
    expect(answer.status).toBe(201);
    const [newest, oldest, ...more] = await sessionsOf(phone);
    expect(more).toEqual([]);
    expect(newest).toMatchObject({ user_agent: headers["user-agent"].slice(0, 300), is_current: false });
    expect(oldest).toMatchObject({ user_agent: "", is_current: true, kind: "session", user_id: phone.user_id });
    expect(Date.parse(oldest?.expires_at ?? "") - Date.parse(oldest?.created_at ?? "")).toBe(90 * 24 * HOUR);
  });

  it("answer nobody who takes them for another account's", async () => {
    const [alice, bob] = [await anAccount(), await anAccount()];
    const as = async (user_id: string) => {
      const headers = {
        authorization: `Bearer ${bob.token}`,
        [ACCOUNT_HEADER]: user_id,
        "content-type": "application/json",
      };
      const answer = await fetchMesh("/v1/drafts", { method: "POST", headers, body: '{"subject":"Whose?"}' });
      return answer.status;
    };
    expect(await as(alice.user_id)).toBe(401);
    expect(await as(bob.user_id)).toBe(201);
  });

  it("show nothing that opens the account", async () => {
    const alice = await anAccount();
    const text = await (await alice.call("GET", "/sessions")).text();
    expect(text).not.toContain(alice.token.split(".")[1]);
    const id = (await current(alice))?.id ?? "";
    for (const token of [id, `${alice.user_id}.${id}`]) {
      expect((await fetchMesh("/v1/folders", { headers: { authorization: `Bearer ${token}` } })).status).toBe(401);
    }
  });

  it("say to the hour when they were last used, and a request within it writes nothing", async () => {
    const alice = await anAccount();
    const made = Date.parse((await current(alice))?.created_at ?? "");
    vi.useFakeTimers({ toFake: ["Date"], now: made + HOUR - 1000 });
    expect(await written(alice, () => sessionsOf(alice))).toBe(0);
    expect(await current(alice)).toMatchObject({ last_used_at: new Date(made).toISOString() });
    vi.setSystemTime(made + 5 * HOUR);
    expect(await written(alice, () => sessionsOf(alice))).toBe(1);
    const used = Date.parse((await current(alice))?.last_used_at ?? "");
    expect(used % HOUR).toBe(0);
    expect(made + 5 * HOUR - used).toBeLessThan(HOUR);
    expect(await written(alice, () => sessionsOf(alice))).toBe(0);
  });

  it("are not listed when they have expired", async () => {
    const old = await anAccount();
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 91 * 24 * HOUR });
    const fresh = await logIn(old.email);
    expect(await sessionsOf(fresh)).toMatchObject([{ is_current: true }]);
  });

  it("are bounded: one more ends the one that was used the longest time ago, and cuts it off", async () => {
    const idle = await anAccount();
    const live = await liveOf(idle);
    const hash = await hashPassword(PASSWORD, await idle.stub.passwordSalt());
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 1000 });
    const used = await logIn(idle.email);
    for (let n = 0; n < MAX_SESSIONS - 2; n++) await idle.stub.login(hash, "");
    expect(await sessionsOf(idle)).toHaveLength(MAX_SESSIONS);
    vi.setSystemTime(Date.now() + 2 * HOUR);
    expect(await isOpen(used)).toBe(true);
    await idle.stub.login(hash, "");
    expect(await isOpen(idle)).toBe(false);
    await live.closedWith(4401);
    expect(await sessionsOf(used)).toHaveLength(MAX_SESSIONS);
    await idle.stub.login(hash, "");
    expect(await isOpen(used)).toBe(true);
  });
});

describe("ending a session", () => {
  it("closes it and what is connected by it, and no other", async () => {
    const phone = await anAccount();
    const laptop = await logIn(phone.email);
    const [hers, other] = [await liveOf(laptop), await liveOf(phone)];
    const id = (await current(laptop))?.id;
    await done(phone.call("DELETE", `/sessions/${id}`));
    await hers.closedWith(4401);
    expect(await problemAt(laptop.call("GET", "/folders"))).toBe("unauthenticated");
    expect(await sessionsOf(phone)).toMatchObject([{ is_current: true }]);
    expect(await problemAt(phone.call("DELETE", `/sessions/${id}`))).toBe("not_found");
    await phone.call("POST", "/folders", { name: "Still here" });
    await other.hears("folder");
    other.close();
  });

  it("works on the session that asks, and takes its cookie", async () => {
    const alice = await anAccount();
    const answer = await alice.call("DELETE", `/sessions/${(await current(alice))?.id}`);
    expect(answer.headers.get("set-cookie")).toMatch(/^__Host-mailmesh=; Max-Age=0;/);
    expect(await isOpen(alice)).toBe(false);
  });

  it("is possible for all others at once", async () => {
    const alice = await anAccount();
    const others = [await logIn(alice.email), await logIn(alice.email)];
    const live = await liveOf(others[0] ?? alice);
    await done(alice.call("DELETE", "/sessions"));
    await live.closedWith(4401);
    expect(await Promise.all(others.map(isOpen))).toEqual([false, false]);
    expect(await sessionsOf(alice)).toMatchObject([{ is_current: true }]);
  });

  it("is nobody else's", async () => {
    const domain = await aDomain();
    const [alice, bob] = [await anAccount(domain, "alice"), await anAccount(domain, "bob")];
    const id = (await current(bob))?.id;
    expect(await problemAt(alice.call("DELETE", `/sessions/${id}`))).toBe("not_found");
    await done(alice.call("DELETE", "/sessions"));
    expect(await isOpen(bob)).toBe(true);
    for (const odd of ["x", "%00", "'", "____%25__________"]) {
      expect(await problemAt(alice.call("DELETE", `/sessions/${odd}`))).toBe("not_found");
    }
  });
});
