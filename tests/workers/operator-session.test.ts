/** An operator in a browser: the admin secret is shown once, and a cookie stands for it. */
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { DomainList, OperatorSession } from "../../contract/admin.ts";
import { done, ok, problemAt } from "./api-answers.ts";
import { ADMIN_SECRET, anAccount, fetchMesh } from "./mesh.ts";

const HOUR = 3_600_000;

const [local, secret] = [env.DEPLOYMENT, env.ADMIN_SECRET];
afterEach(() => {
  vi.useRealTimers();
  if (local !== undefined) env.DEPLOYMENT = local;
  if (secret !== undefined) env.ADMIN_SECRET = secret;
});

const show = (said: string, headers = {}) =>
  fetchMesh("/v1/admin/session", {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify({ secret: said }),
  });

async function signIn(): Promise<string> {
  const answer = await show(ADMIN_SECRET);
  expect(answer.status).toBe(201);
  return (answer.headers.get("set-cookie") ?? "").split("; ")[0] ?? "";
}

const HERE = { origin: "http://mesh.test" };
const asBrowser = (cookie: string, method: string, path: string, headers = {}, body?: unknown) =>
  fetchMesh(`/v1/admin${path}`, {
    method,
    headers: { cookie, "content-type": "application/json", ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });

describe("the operator's cookie", () => {
  it("is given for the secret, which is not in it, and scripts and other sites cannot use it", async () => {
    const answer = await show(ADMIN_SECRET);
    const [pair = "", ...attributes] = (answer.headers.get("set-cookie") ?? "").split("; ");
    expect(attributes).toEqual(expect.arrayContaining(["Path=/", "HttpOnly", "Secure", "SameSite=Strict"]));
    expect(attributes.join()).not.toMatch(/Domain/i);
    expect(pair).toMatch(/^__Host-mailmesh-operator=\d+\.[\w-]{43}$/);
    const { expires_at } = await ok(answer, OperatorSession, 201);
    expect(Date.parse(expires_at) - Date.now()).toBeGreaterThan(11.9 * HOUR);
    expect(Date.parse(expires_at) - Date.now()).toBeLessThanOrEqual(12 * HOUR);
  });

  it("opens the admin API, and changes things only from the mesh's own pages", async () => {
    const cookie = await signIn();
    await done(asBrowser(cookie, "GET", "/session"));
    await ok(asBrowser(cookie, "GET", "/domains"), DomainList);
    const name = `d${crypto.randomUUID().slice(0, 8)}.test`;
    const make = (headers: Record<string, string>) => asBrowser(cookie, "POST", "/domains", headers, { name });
    for (const origin of ["https://evil.example", "null", "http://mesh.test.evil.example"]) {
      expect(await problemAt(make({ origin }))).toBe("forbidden");
    }
    expect(await problemAt(make({}))).toBe("forbidden");
    expect((await make(HERE)).status).toBe(201);
  });

  it("is given back", async () => {
    const cookie = await signIn();
    const answer = await asBrowser(cookie, "DELETE", "/session", HERE);
    expect(answer.status).toBe(204);
    expect(answer.headers.get("set-cookie")).toMatch(/^__Host-mailmesh-operator=; Max-Age=0;/);
  });

  it("is good for twelve hours, and while the secret is the same", async () => {
    const cookie = await signIn();
    const now = Date.now();
    vi.useFakeTimers({ toFake: ["Date"], now: now + 12 * HOUR - 5000 });
    await done(asBrowser(cookie, "GET", "/session"));
    vi.setSystemTime(now + 12 * HOUR + 1000);
    expect(await problemAt(asBrowser(cookie, "GET", "/session"))).toBe("unauthenticated");
    vi.setSystemTime(now);
    env.ADMIN_SECRET = "another secret";
    expect(await problemAt(asBrowser(cookie, "GET", "/session"))).toBe("unauthenticated");
  });

  it("is not made by whoever has not the secret", async () => {
    const cookie = await signIn();
    const [, expires = "", signature = ""] = /=(\d+)\.(.*)$/.exec(cookie) ?? [];
    const made = [
      "",
      ADMIN_SECRET,
      `${expires}.`,
      `.${signature}`,
      `${Number(expires) + 1}.${signature}`,
      `0${expires}.${signature}`,
      `${expires}.${signature.slice(1)}A`,
      `${expires}.${"A".repeat(43)}`,
    ];
    for (const value of made) {
      const forged = asBrowser(`__Host-mailmesh-operator=${value}`, "GET", "/domains");
      expect(`${value} ${await problemAt(forged)}`).toBe(`${value} unauthenticated`);
    }
    for (const said of ["", "wrong", `${ADMIN_SECRET} `]) expect((await show(said)).ok).toBe(false);
    const { token } = await anAccount();
    expect(await problemAt(asBrowser(`__Host-mailmesh-operator=${token}`, "GET", "/domains"))).toBe("unauthenticated");
  });

  it("opens nobody's mailbox, and a wrong bearer token is not made up for by it", async () => {
    const cookie = await signIn();
    expect(await problemAt(fetchMesh("/v1/folders", { headers: { cookie } }))).toBe("unauthenticated");
    const both = asBrowser(cookie, "GET", "/domains", { authorization: "Bearer wrong" });
    expect(await problemAt(both)).toBe("unauthenticated");
  });

  it("is not given where no secret is set", async () => {
    const cookie = await signIn();
    env.ADMIN_SECRET = "";
    expect((await show("")).status).toBe(400);
    expect(await problemAt(show("undefined"))).toBe("unauthenticated");
    expect(await problemAt(asBrowser(cookie, "GET", "/domains"))).toBe("unauthenticated");
  });

  it("is asked for only so often by one origin", async () => {
    delete env.DEPLOYMENT;
    const headers = { "cf-connecting-ip": "198.51.100.23" };
    // Until it is used up: a minute may begin while it is.
    while ((await env.LOGIN_RATE.limit({ key: "operator 198.51.100.23" })).success);
    expect(await problemAt(show(ADMIN_SECRET, headers))).toBe("rate_limited");
    expect((await show(ADMIN_SECRET, { "cf-connecting-ip": "198.51.100.24" })).status).toBe(201);
  });
});
