/** Tokens that an account makes for its programs. */
import { afterEach, describe, expect, it, vi } from "vitest";
import { MAX_APP_TOKENS } from "../../contract/limits.ts";
import { AppTokens, NewAppToken, OpenSessions } from "../../contract/sessions.ts";
import { done, ok, problemAt } from "./api-answers.ts";
import { liveOf } from "./live-socket.ts";
import { type Account, anAccount, asAdmin, fetchMesh, PASSWORD } from "./mesh.ts";

const DAY = 24 * 3_600_000;

afterEach(() => {
  vi.useRealTimers();
});

const make = (account: Account, token: unknown) => ok(account.call("POST", "/tokens", token), NewAppToken, 201);
const tokensOf = async (account: Account) => (await ok(account.call("GET", "/tokens"), AppTokens)).tokens;

const as = (token: string, method: string, path: string, body?: unknown) =>
  fetchMesh(`/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });

describe("an app token", () => {
  it("opens the mailbox, is shown once, and is no session", async () => {
    const alice = await anAccount();
    const made = await make(alice, { name: " Backup " });
    expect(made).toMatchObject({ name: "Backup", expires_at: null, last_used_at: null, kind: "token" });
    expect((await as(made.token, "GET", "/folders")).status).toBe(200);
    expect((await as(made.token, "POST", "/folders", { name: "Made by it" })).status).toBe(201);
    const { token, ...shown } = made;
    const [listed, ...more] = await tokensOf(alice);
    expect(more).toEqual([]);
    expect(listed).toEqual({ ...shown, last_used_at: expect.any(String) });
    expect(await (await alice.call("GET", "/tokens")).text()).not.toContain(token.split(".")[1]);
    expect((await ok(alice.call("GET", "/sessions"), OpenSessions)).sessions).toHaveLength(1);
  });

  it("lasts for the days that were asked for, or longer than any session", async () => {
    const alice = await anAccount();
    const short = await make(alice, { name: "A week", expires_in_days: 7 });
    const long = await make(alice, { name: "For good", expires_in_days: null });
    expect(Date.parse(short.expires_at ?? "") - Date.parse(short.created_at)).toBe(7 * DAY);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 8 * DAY });
    expect(await problemAt(as(short.token, "GET", "/folders"))).toBe("unauthenticated");
    expect(await tokensOf(alice)).toMatchObject([{ name: "For good" }]);
    vi.setSystemTime(Date.now() + 3000 * DAY);
    expect((await as(long.token, "GET", "/folders")).status).toBe(200);
  });

  it("changes nothing of how the account is logged in to", async () => {
    const alice = await anAccount();
    const { token, id } = await make(alice, { name: "Program" });
    const [session] = (await ok(alice.call("GET", "/sessions"), OpenSessions)).sessions;
    const refused: [method: string, path: string, body?: unknown][] = [
      ["GET", "/sessions"],
      ["DELETE", "/sessions"],
      ["DELETE", `/sessions/${session?.id}`],
      ["GET", "/tokens"],
      ["POST", "/tokens", { name: "Another" }],
      ["DELETE", `/tokens/${id}`],
      ["PUT", "/password", { current_password: PASSWORD, new_password: "another password" }],
    ];
    for (const [method, path, body] of refused) {
      expect(`${path} ${await problemAt(as(token, method, path, body))}`).toBe(`${path} forbidden`);
    }
    expect(await tokensOf(alice)).toHaveLength(1);
  });

  it("is deleted with what is connected by it, by its owner or by itself", async () => {
    const alice = await anAccount();
    const [one, two] = [await make(alice, { name: "One" }), await make(alice, { name: "Two" })];
    const live = await liveOf(one);
    await done(alice.call("DELETE", `/tokens/${one.id}`));
    await live.closedWith(4401);
    expect((await as(one.token, "GET", "/folders")).status).toBe(401);
    expect(await problemAt(alice.call("DELETE", `/tokens/${one.id}`))).toBe("not_found");
    await done(as(two.token, "DELETE", "/sessions/current"));
    expect(await tokensOf(alice)).toEqual([]);
  });

  it("is not ended as a session, nor a session as a token", async () => {
    const alice = await anAccount();
    const { id, token } = await make(alice, { name: "Program" });
    const [session] = (await ok(alice.call("GET", "/sessions"), OpenSessions)).sessions;
    expect(await problemAt(alice.call("DELETE", `/sessions/${id}`))).toBe("not_found");
    expect(await problemAt(alice.call("DELETE", `/tokens/${session?.id}`))).toBe("not_found");
    await done(alice.call("DELETE", "/sessions"));
    expect((await as(token, "GET", "/folders")).status).toBe(200);
  });

  it("ends when an operator sets a password", async () => {
    const alice = await anAccount();
    const { token } = await make(alice, { name: "Program" });
    await done(asAdmin("PUT", `/accounts/${alice.email}/password`, { password: "another password" }));
    expect((await as(token, "GET", "/folders")).status).toBe(401);
  });

  it.each([
    [{}, "body.name"],
    [{ name: "  " }, "body.name"],
    [{ name: "x".repeat(101) }, "body.name"],
    [{ name: "x", expires_in_days: 0 }, "body.expires_in_days"],
    [{ name: "x", expires_in_days: 1.5 }, "body.expires_in_days"],
    [{ name: "x", expires_in_days: 3651 }, "body.expires_in_days"],
  ])("is not made of %j", async (wanted, at) => {
    const alice = await anAccount();
    expect(await problemAt(alice.call("POST", "/tokens", wanted))).toBe(`bad_request ${at}`);
  });

  it("has a limit, which those that expired do not count in", async () => {
    const alice = await anAccount();
    await make(alice, { name: "Gone soon", expires_in_days: 1 });
    for (let n = 1; n < MAX_APP_TOKENS; n++) await make(alice, { name: `${n}` });
    expect(await problemAt(alice.call("POST", "/tokens", { name: "More" }))).toBe("conflict");
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 2 * DAY });
    await make(alice, { name: "More" });
  });
});
