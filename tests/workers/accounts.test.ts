/** Domains and accounts, as an operator makes them. Aliases are in aliases.test.ts. */
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { Account, Domain, DomainDetail, DomainList } from "../../contract/admin.ts";
import { UserId } from "../../contract/ids.ts";
import { domainKey } from "../../contract/r2-keys.ts";
import { randomId } from "../../contract/random-id.ts";
import { ask, putAlias, short } from "./answers.ts";
import { problemAt } from "./api-answers.ts";
import { aDomain, aLetter, anAccount, asAdmin, fetchMesh, ingest, logIn, PASSWORD } from "./mesh.ts";

const makeAccount = (email: string, password = PASSWORD) => asAdmin("POST", "/accounts", { email, password });

describe("the admin API", () => {
  it("is closed to everybody without the admin secret", async () => {
    const withSecret = (authorization: string) => fetchMesh("/v1/admin/domains", { headers: { authorization } });
    for (const answer of [fetchMesh("/v1/admin/domains"), withSecret("Bearer "), withSecret("Bearer wrong")]) {
      expect(await problemAt(answer)).toBe("unauthenticated");
    }
    expect((await asAdmin("GET", "/domains")).status).toBe(200);
  });

  it("is closed to an account's own token", async () => {
    const alice = await anAccount();
    expect((await alice.call("POST", "/admin/domains", { name: "alices.test" })).status).toBe(401);
  });

  it("is closed while no secret is set", async () => {
    const secret = env.ADMIN_SECRET ?? "";
    env.ADMIN_SECRET = "";
    const answer = await fetchMesh("/v1/admin/domains", { headers: { authorization: "Bearer undefined" } });
    env.ADMIN_SECRET = secret;
    expect(answer.status).toBe(401);
  });
});

describe("a domain", () => {
  it("is one domain, in A-labels and U-labels", async () => {
    const label = crypto.randomUUID().slice(0, 8);
    const made = await asAdmin("POST", "/domains", { name: `Bücher-${label}.TEST` });
    const domain = Domain.parse(await made.json());
    expect(domain).toMatchObject({ display_name: `bücher-${label}.test`, accounts: 0, aliases: 0 });
    expect(domain.name).toMatch(/^xn--[a-z0-9-]+\.test$/);
    expect((await asAdmin("POST", "/domains", { name: domain.name })).status).toBe(409);
    const account = Account.parse(await (await makeAccount(`alice@bücher-${label}.test`)).json());
    expect(account.email).toBe(`alice@${domain.name}`);
    expect(await ask(`alice@${domain.name}`, `alice@BÜCHER-${label}.test`)).toEqual(["accepted", "accepted"]);
  });

  it("is listed, and shows its accounts and aliases", async () => {
    const name = await aDomain();
    const { user_id } = Account.parse(await (await makeAccount(`bob@${name}`)).json());
    await putAlias(`sales@${name}`, `bob@${name}`);
    const { domains } = DomainList.parse(await (await asAdmin("GET", "/domains")).json());
    expect(domains.find((domain) => domain.name === name)).toMatchObject({ accounts: 1, aliases: 1 });
    const detail = DomainDetail.parse(await (await asAdmin("GET", `/domains/${name}`)).json());
    expect(detail.account_list).toMatchObject([{ user_id, email: `bob@${name}` }]);
    expect(detail.alias_list).toEqual([{ email: `sales@${name}`, targets: [`bob@${name}`] }]);
  });

  it("is made once: a second time is a conflict", async () => {
    const name = await aDomain();
    expect(await problemAt(asAdmin("POST", "/domains", { name }))).toBe("conflict");
  });

  it("is in the list after its making was interrupted and repeated", async () => {
    const name = await aDomain();
    await env.MAIL.delete(domainKey(name));
    await asAdmin("POST", "/domains", { name });
    const { domains } = DomainList.parse(await (await asAdmin("GET", "/domains")).json());
    expect(domains.map((domain) => domain.name)).toContain(name);
  });

  it("has a name that is one", async () => {
    const bad = [
      "",
      " ",
      "a b.test",
      "-a.test",
      "a..test",
      ".test",
      "a.test.",
      "[192.0.2.1]",
      "192.0.2.1",
      "x@y.test",
      "*.test",
    ];
    for (const name of [...bad, "xn--a.test", `${"a".repeat(64)}.test`, `${"abcdefgh.".repeat(30)}test`, "a/b.test"]) {
      expect(`${name}: ${await problemAt(asAdmin("POST", "/domains", { name }))}`).toBe(
        `${name}: bad_request body.name`,
      );
    }
    expect(await problemAt(asAdmin("POST", "/domains", {}))).toBe("bad_request body.name");
    expect(await problemAt(asAdmin("GET", "/domains/never-made.test"))).toBe("not_found");
  });
});

describe("an account", () => {
  it("takes mail however its local part is capitalised", async () => {
    const alice = await anAccount(undefined, "Alice.Adams");
    const address = alice.email.toUpperCase();
    expect(short(await ingest("zoe@far.example", address, aLetter()))).toEqual(["accepted"]);
    expect(await alice.messages()).toHaveLength(1);
    expect((await logIn(address)).user_id).toBe(alice.user_id);
  });

  it("may have a local part that must be quoted", async () => {
    const domain = await aDomain();
    const john = await anAccount(domain, '"John Doe"');
    expect(await ask(`"john doe"@${domain}`, `"John\\ Doe"@${domain}`, `"john doe+news"@${domain}`)).toEqual([
      "accepted",
      "accepted",
      "accepted",
    ]);
    await anAccount(domain, '"bob"');
    expect(await ask(`bob@${domain}`)).toEqual(["accepted"]);
    expect(
      (await asAdmin("PUT", `/accounts/${encodeURIComponent(john.email)}/password`, { password: "another one" }))
        .status,
    ).toBe(204);
  });

  it("has an address that nobody else has", async () => {
    const alice = await anAccount();
    expect(await problemAt(makeAccount(alice.email.toUpperCase()))).toBe("conflict");
    const domain = alice.email.split("@")[1] ?? "";
    await putAlias(`sales@${domain}`, alice.email);
    expect(await problemAt(makeAccount(`Sales@${domain}`))).toBe("conflict");
    expect(await problemAt(asAdmin("PUT", `/aliases/${alice.email}`, { targets: ["x@far.example"] }))).toBe("conflict");
  });

  it("has an address that is one, in a domain that is here", async () => {
    const domain = await aDomain();
    const bad = ["alice", `@${domain}`, `a b@${domain}`, `.a@${domain}`, `a..b@${domain}`, "alice@", "a@[192.0.2.1]"];
    for (const email of [
      ...bad,
      `a\r\nb@${domain}`,
      `"a@${domain}`,
      `${"a".repeat(65)}@${domain}`,
      `*@${domain}`,
      `"*"@${domain}`,
    ]) {
      expect(`${email}: ${await problemAt(makeAccount(email))}`).toBe(`${email}: bad_request body.email`);
    }
    expect(await problemAt(makeAccount("alice@never-made.test"))).toBe("not_found");
    expect(await problemAt(makeAccount(`alice@${domain}`, "short"))).toBe("bad_request body.password");
  });

  it("has every session ended by a new password", async () => {
    const alice = await anAccount();
    const phone = await logIn(alice.email);
    await asAdmin("PUT", `/accounts/${alice.email}/password`, { password: "a new password" });
    for (const { call } of [alice, phone]) expect((await call("GET", "/folders")).status).toBe(401);
    expect((await (await logIn(alice.email, "a new password")).call("GET", "/folders")).status).toBe(200);
    expect(
      await problemAt(asAdmin("PUT", `/accounts/nobody@${alice.email.split("@")[1]}/password`, { password: PASSWORD })),
    ).toBe("not_found");
  });

  it("whose making is interrupted takes no mail, and is finished by repeating it", async () => {
    const domain = await aDomain();
    const stub = env.DOMAIN.getByName(domain);
    const candidate = UserId.parse(`u${randomId(16)}`);
    await stub.reserveAccount("alice", candidate, Date.now());
    expect(await ask(`alice@${domain}`)).toEqual(["550 5.1.1"]);
    expect(await problemAt(asAdmin("PUT", `/aliases/alice@${domain}`, { targets: ["x@far.example"] }))).toBe(
      "conflict",
    );
    // The second step went through, the third did not.
    await env.MAILBOX.getByName(candidate).create({
      user_id: candidate,
      email: `alice@${domain}`,
      name: "",
      password: null,
    });
    expect(await ask(`alice@${domain}`)).toEqual(["550 5.1.1"]);
    const finished = Account.parse(await (await makeAccount(`alice@${domain}`)).json());
    expect(finished.user_id).toBe(candidate);
    expect((await logIn(`alice@${domain}`)).user_id).toBe(candidate);
    expect((await makeAccount(`alice@${domain}`)).status).toBe(409);
  });
});

describe("a name that was never created", () => {
  it("stores nothing, whoever asks for it", async () => {
    const domain = `never-${crypto.randomUUID()}.test`;
    const userId = `u${randomId(16)}`;
    await ask(`alice@${domain}`);
    await ingest("zoe@far.example", `alice@${domain}`, aLetter());
    const body = JSON.stringify({ email: `alice@${domain}`, password: PASSWORD });
    await fetchMesh("/v1/sessions", { method: "POST", headers: { "content-type": "application/json" }, body });
    await asAdmin("GET", `/domains/${domain}`);
    await makeAccount(`alice@${domain}`);
    await fetchMesh("/v1/folders", { headers: { authorization: `Bearer ${userId}.${"a".repeat(43)}` } });
    for (const stub of [env.DOMAIN.getByName(domain), env.MAILBOX.getByName(userId), env.MAILBOX.getByName("nobody")]) {
      await runInDurableObject(stub, async (_object, { storage }) => {
        expect(
          storage.sql.exec("SELECT name FROM sqlite_master WHERE name NOT LIKE '\\_cf\\_%' ESCAPE '\\'").toArray(),
        ).toEqual([]);
        expect(await storage.getAlarm()).toBeNull();
      });
    }
  });
});
