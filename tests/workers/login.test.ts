/** Logging in and out, and what stands in the way of guessing. */
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { sha256 } from "../../contract/sessions.ts";
import type { MailboxObject } from "../../durable-objects/mailbox/mailbox-object.ts";
import { hashPassword, newPassword } from "../../workers/accounts/password.ts";
import { problemAt } from "./api-answers.ts";
import { type Account, aDomain, anAccount, asAdmin, fetchMesh, logIn, PASSWORD } from "./mesh.ts";

const MINUTE = 60_000;

function tryPassword(email: string, password: string, headers: Record<string, string> = {}): Promise<Response> {
  const body = JSON.stringify({ email, password });
  return fetchMesh("/v1/sessions", {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body,
  });
}

const local = env.DEPLOYMENT;
afterEach(() => {
  vi.useRealTimers();
  if (local !== undefined) env.DEPLOYMENT = local;
});

describe("a login", () => {
  it("gives a token that opens the mailbox of its account until it is logged out", async () => {
    const { email, user_id } = await anAccount();
    const alice = await logIn(email);
    expect(alice.user_id).toBe(user_id);
    expect((await alice.call("GET", "/folders")).status).toBe(200);
    const elsewhere = await logIn(email);
    expect((await alice.call("DELETE", "/sessions/current")).status).toBe(204);
    expect(await problemAt(alice.call("GET", "/folders"))).toBe("unauthenticated");
    expect((await elsewhere.call("GET", "/folders")).status).toBe(200);
  });

  it("ends by itself after ninety days", async () => {
    const { email } = await anAccount();
    const { call } = await logIn(email);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 89 * 24 * 60 * MINUTE });
    expect((await call("GET", "/folders")).status).toBe(200);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 2 * 24 * 60 * MINUTE });
    expect(await problemAt(call("GET", "/folders"))).toBe("unauthenticated");
  });

  it("gives browsers a cookie that scripts and other sites cannot use", async () => {
    const { email } = await anAccount();
    const answer = await tryPassword(email, PASSWORD);
    const [pair = "", ...attributes] = (answer.headers.get("set-cookie") ?? "").split("; ");
    expect(pair).toMatch(/^__Host-mailmesh=u\w{16}\.[\w-]{43}$/);
    expect(attributes).toEqual(expect.arrayContaining(["Path=/", "HttpOnly", "Secure", "SameSite=Strict"]));
    expect(attributes.join()).not.toMatch(/Domain/i);
    const withCookie = (method: string, path: string, headers = {}) =>
      fetchMesh(`/v1${path}`, { method, headers: { cookie: pair, ...headers } });
    expect((await withCookie("GET", "/folders")).status).toBe(200);
    expect(await problemAt(withCookie("DELETE", "/sessions/current"))).toBe("forbidden");
    expect(await problemAt(withCookie("DELETE", "/sessions/current", { origin: "https://evil.example" }))).toBe(
      "forbidden",
    );
    const out = await withCookie("DELETE", "/sessions/current", { origin: "http://mesh.test" });
    expect(out.status).toBe(204);
    expect(out.headers.get("set-cookie")).toMatch(/^__Host-mailmesh=; Max-Age=0;/);
    expect(await problemAt(withCookie("GET", "/folders"))).toBe("unauthenticated");
  });

  it("takes the same password typed on another keyboard", async () => {
    const domain = await aDomain();
    const email = `rene@${domain}`;
    await asAdmin("POST", "/accounts", { email, password: "crème brûlée" });
    expect((await tryPassword(email, "crème brûlée".normalize("NFD"))).status).toBe(201);
  });

  it("answers alike to a wrong password, an unknown account and an unknown domain", async () => {
    const { email } = await anAccount();
    const [, domain] = email.split("@");
    const strangers = [
      `nobody@${domain}`,
      "alice@nowhere.test",
      "no address",
      "Postmaster",
      `"@${domain}`,
      `*@${domain}`,
    ];
    const inFull = async (answer: Response) => {
      return { status: answer.status, headers: [...answer.headers], text: await answer.text() };
    };
    const wrong = await inFull(await tryPassword(email, "wrong password"));
    expect(wrong.status).toBe(401);
    for (const stranger of strangers) expect(await inFull(await tryPassword(stranger, PASSWORD))).toEqual(wrong);
  });

  it("that is under way while the password changes opens nothing", async () => {
    const { email, stub } = await anAccount();
    const hash = await hashPassword(PASSWORD, await stub.passwordSalt());
    const changed = await newPassword("another password");
    const token = await runInDurableObject(stub, async (mailbox: MailboxObject) => {
      const login = mailbox.login(hash, "");
      mailbox.setPassword(changed);
      return (await login)?.token ?? null;
    });
    if (token !== null) {
      const answer = await fetchMesh("/v1/folders", { headers: { authorization: `Bearer ${token}` } });
      expect(answer.status).toBe(401);
    }
    expect((await tryPassword(email, PASSWORD)).status).toBe(401);
    expect((await tryPassword(email, "another password")).status).toBe(201);
  });
});

describe("what is stored", () => {
  it("is hashes: neither the password nor the token is anywhere in the objects", async () => {
    const { email, user_id } = await anAccount();
    const { token, stub } = await logIn(email);
    const [, secret = ""] = token.split(".");
    for (const object of [stub, env.DOMAIN.getByName(email.split("@")[1] ?? "")]) {
      const stored = await dump(object);
      expect(stored).toContain(object === stub ? await sha256(secret) : user_id);
      for (const clear of [secret, PASSWORD, btoa(PASSWORD)]) expect(stored).not.toContain(clear);
    }
  });
});

/** Every row of every table. */
const dump = (stub: DurableObjectStub): Promise<string> =>
  runInDurableObject(stub, (_object, { storage }) => {
    const tables = storage.sql.exec<{ name: string }>(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%cf\\_%' ESCAPE '\\'",
    );
    return JSON.stringify(tables.toArray().map(({ name }) => storage.sql.exec(`SELECT * FROM "${name}"`).toArray()));
  });

describe("guessing", () => {
  it("ends for an origin after twenty wrong passwords, and nobody else notices", async () => {
    delete env.DEPLOYMENT;
    const alice = await anAccount();
    const from = (address: string) => ({ "cf-connecting-ip": address });
    const stub = env.DOMAIN.getByName(alice.email.split("@")[1] ?? "");
    for (let n = 0; n < 19; n++) await stub.admitLogin("alice", "192.0.2.1", Date.now());
    expect((await tryPassword(alice.email, "wrong", from("192.0.2.1"))).status).toBe(401);
    const refused = await tryPassword(alice.email.toUpperCase(), PASSWORD, from("192.0.2.1"));
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(800);
    expect(await problemAt(refused)).toBe("rate_limited");
    expect((await tryPassword(alice.email, PASSWORD, from("192.0.2.2"))).status).toBe(201);
    expect((await alice.call("GET", "/folders")).status).toBe(200);
  });

  it("is limited for a whole IPv6 network, which one customer has", async () => {
    delete env.DEPLOYMENT;
    const { email } = await anAccount();
    const failFrom = (address: string) => tryPassword(email, "wrong password", { "cf-connecting-ip": address });
    for (const address of ["2001:db8::1", "2001:db8::a:b:c:d", "2001:DB8:0:0:ffff::", "2001:0db8:0:0:1:2:3:4"]) {
      await failFrom(address);
    }
    await failFrom("2001:db8:0:1::1");
    await failFrom("::ffff:192.0.2.9");
    const stub = env.DOMAIN.getByName(email.split("@")[1] ?? "");
    const attempts = await runInDurableObject(stub, (_object, { storage }) =>
      storage.sql.exec("SELECT origin, failures FROM login_attempt ORDER BY origin").toArray(),
    );
    expect(attempts).toEqual([
      { origin: "192.0.2.9", failures: 1 },
      { origin: "2001:db8:0:0::/64", failures: 4 },
      { origin: "2001:db8:0:1::/64", failures: 1 },
    ]);
  });

  it("from many origins ends for strangers, not for origins that logged in before", async () => {
    const domain = await aDomain();
    const alice: Account = await anAccount(domain);
    const stub = env.DOMAIN.getByName(domain);
    const now = Date.now();
    const attempt = (origin: string, at = now, name = "alice") => stub.admitLogin(name, origin, at);
    await attempt("home");
    await stub.recordLogin("alice", "home", now);
    for (let n = 0; n < 100; n++) await attempt(`stranger ${n}`);
    expect(await attempt("another stranger")).toMatchObject({ admitted: false });
    expect(await attempt("home")).toEqual({ admitted: true, user_id: alice.user_id });
    expect((await alice.call("GET", "/folders")).status).toBe(200);
    // Nor is another account of the domain held to it.
    expect(await attempt("another stranger", now, "bob")).toEqual({ admitted: true, user_id: null });
    expect(await attempt("another stranger", now + 16 * MINUTE)).toMatchObject({ admitted: true });
  });

  it("is limited alike for a name that nobody has", async () => {
    const domain = await aDomain();
    await anAccount(domain);
    const stub = env.DOMAIN.getByName(domain);
    const answers = async (name: string) => {
      const now = Date.now();
      const all = [];
      for (let n = 0; n < 22; n++) all.push((await stub.admitLogin(name, "somewhere", now)).admitted);
      return all;
    };
    const limited = [...Array<boolean>(20).fill(true), false, false];
    expect(await answers("alice")).toEqual(limited);
    expect(await answers("nobody")).toEqual(limited);
  });

  it("is forgiven by a login, and forgotten in time", async () => {
    const domain = await aDomain();
    await anAccount(domain);
    const stub = env.DOMAIN.getByName(domain);
    const now = Date.now();
    for (let n = 0; n < 20; n++) await stub.admitLogin("alice", "home", now);
    expect((await stub.admitLogin("alice", "home", now + 14 * MINUTE)).admitted).toBe(false);
    expect((await stub.admitLogin("alice", "home", now + 16 * MINUTE)).admitted).toBe(true);
    await stub.recordLogin("alice", "home", now + 16 * MINUTE);
    for (let n = 0; n < 200; n++) await stub.admitLogin(`made-up-${n}`, "bot", now);
    await stub.admitLogin("alice", "home", now + 40 * MINUTE);
    const rows = await runInDurableObject(stub, (_object, { storage }) =>
      storage.sql.exec("SELECT local_part FROM login_attempt").toArray(),
    );
    expect(rows).toEqual([{ local_part: "alice" }]);
  });

  it("by many tries at once is no better than one after the other", async () => {
    const domain = await aDomain();
    const stub = env.DOMAIN.getByName(domain);
    const now = Date.now();
    const answers = await Promise.all(Array.from({ length: 40 }, () => stub.admitLogin("alice", "bot", now)));
    expect(answers.filter(({ admitted }) => admitted)).toHaveLength(20);
  });

  it("over all accounts ends for an origin after a hundred tries a minute", async () => {
    delete env.DEPLOYMENT;
    const headers = { "cf-connecting-ip": "198.51.100.7" };
    for (let n = 0; n < 99; n++) expect((await env.LOGIN_RATE.limit({ key: "198.51.100.7" })).success).toBe(true);
    // Until it is used up: a minute may begin while it is.
    while ((await env.LOGIN_RATE.limit({ key: "198.51.100.7" })).success);
    expect(await problemAt(tryPassword("whoever@nowhere.test", PASSWORD, headers))).toBe("rate_limited");
  });
});
