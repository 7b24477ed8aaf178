/** The owner changes the password. */
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it } from "vitest";
import { NewAppToken } from "../../contract/sessions.ts";
import { done, ok, problemAt } from "./api-answers.ts";
import { liveOf } from "./live-socket.ts";
import { type Account, anAccount, fetchMesh, logIn, PASSWORD } from "./mesh.ts";

const NEW = "a new long password";

const local = env.DEPLOYMENT;
afterEach(() => {
  if (local !== undefined) env.DEPLOYMENT = local;
});

const change = ({ call }: Account, current_password: string, new_password = NEW, headers = {}) =>
  call("PUT", "/password", { current_password, new_password }, headers);

const tryToLogIn = async (email: string, password: string) => {
  const headers = { "content-type": "application/json" };
  return (await fetchMesh("/v1/sessions", { method: "POST", headers, body: JSON.stringify({ email, password }) }))
    .status;
};

describe("a new password", () => {
  it("is the one that logs in, and ends every other session and every token", async () => {
    const alice = await anAccount();
    const thief = await logIn(alice.email);
    const { token } = await ok(alice.call("POST", "/tokens", { name: "Thief's" }), NewAppToken, 201);
    const [own, others] = [await liveOf(alice), await liveOf(thief)];
    await done(change(alice, PASSWORD));
    await others.closedWith(4401);
    expect(await problemAt(thief.call("GET", "/folders"))).toBe("unauthenticated");
    const byToken = await fetchMesh("/v1/folders", { headers: { authorization: `Bearer ${token}` } });
    expect(byToken.status).toBe(401);
    expect((await alice.call("GET", "/folders")).status).toBe(200);
    await alice.call("POST", "/folders", { name: "Still here" });
    await own.hears("folder");
    own.close();
    expect([await tryToLogIn(alice.email, PASSWORD), await tryToLogIn(alice.email, NEW)]).toEqual([401, 201]);
  });

  it("needs the present one", async () => {
    const alice = await anAccount();
    expect(await problemAt(change(alice, "wrong password"))).toBe("forbidden body.current_password");
    expect([await tryToLogIn(alice.email, NEW), await tryToLogIn(alice.email, PASSWORD)]).toEqual([401, 201]);
  });

  it.each([
    [{ new_password: NEW }, "body.current_password"],
    [{ current_password: PASSWORD, new_password: "short" }, "body.new_password"],
    [{ current_password: PASSWORD, new_password: "x".repeat(257) }, "body.new_password"],
    [{ current_password: "x".repeat(257), new_password: NEW }, "body.current_password"],
  ])("is not taken out of %j", async (wanted, at) => {
    const alice = await anAccount();
    expect(await problemAt(alice.call("PUT", "/password", wanted))).toBe(`bad_request ${at}`);
  });

  it("from an open browser is guessed at no faster than by logging in, and by the same count", async () => {
    delete env.DEPLOYMENT;
    const alice = await anAccount();
    const from = (address: string) => ({ "cf-connecting-ip": address });
    const domain = env.DOMAIN.getByName(alice.email.split("@")[1] ?? "");
    for (let n = 0; n < 19; n++) await domain.admitLogin("alice", "192.0.2.1", Date.now());
    expect(await problemAt(change(alice, "wrong password", NEW, from("192.0.2.1")))).toMatch(/^forbidden/);
    expect(await problemAt(change(alice, PASSWORD, NEW, from("192.0.2.1")))).toBe("rate_limited");
    await done(change(alice, PASSWORD, NEW, from("192.0.2.2")));
  });

  it("is not set by another site with the browser's cookie", async () => {
    const { token } = await anAccount();
    const answer = fetchMesh("/v1/password", {
      method: "PUT",
      headers: {
        cookie: `__Host-mailmesh=${token}`,
        "content-type": "application/json",
        origin: "https://evil.example",
      },
      body: JSON.stringify({ current_password: PASSWORD, new_password: NEW }),
    });
    expect(await problemAt(answer)).toBe("forbidden");
  });
});
