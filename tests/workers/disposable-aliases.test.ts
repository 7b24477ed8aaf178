/** Addresses that an account gives away, each to somebody, and can switch off. */
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { DisposableAlias, DisposableAliasList } from "../../contract/disposable-aliases.ts";
import { Identity } from "../../contract/identities.ts";
import { MAX_DISPOSABLE_ALIASES } from "../../contract/limits.ts";
import { Sent } from "../../contract/messages.ts";
import type { DomainObject } from "../../durable-objects/domain/domain-object.ts";
import { ask, putAlias, short } from "./answers.ts";
import { done, ok, problemAt } from "./api-answers.ts";
import { aCheckedAccount } from "./mailbox-invariants.ts";
import { type Account, aDomain, aLetter, anAccount, asAdmin, fetchMesh, ingest } from "./mesh.ts";

const ZOE = "zoe@far.example";

const make = (account: Account, wanted: object = {}) =>
  ok(account.call("POST", "/aliases", wanted), DisposableAlias, 201);
const change = (account: Account, email: string, update: object) =>
  account.call("PATCH", `/aliases/${encodeURIComponent(email)}`, update);
const switchOff = (account: Account, email: string) =>
  ok(change(account, email, { is_active: false }), DisposableAlias);
const remove = (account: Account, email: string) => account.call("DELETE", `/aliases/${encodeURIComponent(email)}`);
const list = async (account: Account) => (await ok(account.call("GET", "/aliases"), DisposableAliasList)).aliases;
const tagged = (email: string) => email.replace("@", "+news@");

async function aliceAndBob() {
  const domain = await aDomain();
  return { domain, alice: await aCheckedAccount(domain, "alice"), bob: await aCheckedAccount(domain, "bob") };
}

describe("an alias to give away", () => {
  it("has a name that nobody guesses, with the owner's prefix in front, and is the owner's alone to see", async () => {
    const { alice, bob, domain } = await aliceAndBob();
    const one = await make(alice, { note: "the shop", prefix: "Shop" });
    const other = await make(alice);
    expect(one.email).toMatch(new RegExp(`^shop-[0-9a-z]{12}@${domain}$`));
    expect(other.email).toMatch(new RegExp(`^[0-9a-z]{12}@${domain}$`));
    expect(await list(alice)).toEqual([one, other]);
    expect(one).toMatchObject({ user_id: alice.user_id, note: "the shop", is_active: true });
    expect(await list(bob)).toEqual([]);
  });

  it("brings mail, with any tag, and the message says by which it came", async () => {
    const { alice } = await aliceAndBob();
    const { email } = await make(alice, { note: "the shop" });
    expect(await ask(email, tagged(email), email.toUpperCase())).toEqual(["accepted", "accepted", "accepted"]);
    expect(short(await ingest(ZOE, [email, alice.email], aLetter()))).toEqual(["accepted", "accepted"]);
    const [message] = await alice.messages();
    expect((await alice.open(message?.id ?? "")).delivered_to).toEqual([email, alice.email]);
    expect(await alice.messages()).toHaveLength(1);
  });

  it("that is off is refused with its tags, even where there is a catch-all, and works again when it is on", async () => {
    const { alice, bob, domain } = await aliceAndBob();
    await putAlias(`*@${domain}`, bob.email);
    const { email } = await make(alice);
    await switchOff(alice, email);
    expect(await ask(email, tagged(email))).toEqual(["550 5.1.1", "550 5.1.1"]);
    expect(short(await ingest(ZOE, email, aLetter()))).toEqual(["550 5.1.1"]);
    expect(await bob.messages()).toEqual([]);
    await ok(change(alice, email, { is_active: true, note: "again" }), DisposableAlias);
    expect(short(await ingest(ZOE, email, aLetter()))).toEqual(["accepted"]);
    expect(await list(alice)).toMatchObject([{ is_active: true, note: "again" }]);
  });

  it("that is deleted is nobody's", async () => {
    const { alice } = await aliceAndBob();
    const { email } = await make(alice);
    await done(remove(alice, email));
    expect(await ask(email)).toEqual(["550 5.1.1"]);
    expect(await list(alice)).toEqual([]);
    expect(await problemAt(remove(alice, email))).toBe("not_found");
  });

  it("can be written from while it is on", async () => {
    const { alice } = await aliceAndBob();
    const { email } = await make(alice);
    await ok(alice.call("POST", "/identities", { email, name: "A." }), Identity, 201);
    const message = { from: { email }, to: [{ email: ZOE }], subject: "x", body: "x" };
    const { id } = await ok(alice.call("POST", "/messages", message), Sent, 202);
    expect((await alice.open(id)).from).toEqual({ name: "A.", email });
    await switchOff(alice, email);
    expect(await problemAt(alice.call("POST", "/messages", message))).toBe("invalid_sender body.from.email");
  });
});

describe("another account", () => {
  it("neither sees nor changes it, writes from it, nor learns whether it is there", async () => {
    const { alice, bob } = await aliceAndBob();
    const { email } = await make(alice);
    for (const name of [email, `none-${email}`, "x@else.example", "x", "%00"]) {
      expect(await problemAt(change(bob, name, { is_active: false }))).toBe("not_found");
      expect(await problemAt(remove(bob, name))).toBe("not_found");
    }
    expect(await problemAt(bob.call("POST", "/identities", { email }))).toBe("invalid_sender body.email");
    expect(await list(alice)).toMatchObject([{ is_active: true }]);
  });

  it("of that name without its secret gets nothing", async () => {
    const { alice } = await aliceAndBob();
    await make(alice);
    const headers = { authorization: `Bearer ${alice.user_id}.${"A".repeat(43)}` };
    expect((await fetchMesh("/v1/aliases", { headers })).status).toBe(401);
    const init = { method: "POST", headers: { ...headers, "content-type": "application/json" }, body: "{}" };
    expect((await fetchMesh("/v1/aliases", init)).status).toBe(401);
    expect(await list(alice)).toHaveLength(1);
  });
});

describe("a local part", () => {
  it("is given to one kind only, whoever comes first", async () => {
    const { alice, domain } = await aliceAndBob();
    const { email } = await make(alice);
    const targets = [alice.email];
    expect(await problemAt(asAdmin("PUT", `/aliases/${email}`, { targets }))).toBe("conflict");
    expect(await problemAt(asAdmin("POST", "/accounts", { email, password: "a long password" }))).toBe("conflict");
    await putAlias(`sales@${domain}`, alice.email);
    const row = { user_id: alice.user_id, note: "", is_active: true, created_at: 0 };
    // What nobody's luck brings about: that the random name is one that is taken.
    await runInDurableObject(env.DOMAIN.getByName(domain), (domainObject: DomainObject) => {
      for (const local_part of ["alice", "sales", email.split("@")[0] ?? ""]) {
        expect(() => domainObject.createDisposable({ ...row, local_part })).toThrow(/already/);
      }
    });
  });
});

describe("an account", () => {
  it("has a hundred of them at most", async () => {
    const alice = await anAccount();
    for (let n = 0; n < MAX_DISPOSABLE_ALIASES; n += 20) {
      await Promise.all(Array.from({ length: 20 }, () => make(alice)));
    }
    expect(await problemAt(alice.call("POST", "/aliases", {}))).toBe("conflict");
    expect(await list(alice)).toHaveLength(MAX_DISPOSABLE_ALIASES);
  });

  it.each(["a b", "-a", "a..b", "a+b", "x".repeat(21), "", "ä", "a@b"])(
    "has none with the prefix %j",
    async (prefix) => {
      const alice = await anAccount();
      expect(await problemAt(alice.call("POST", "/aliases", { prefix }))).toBe("bad_request body.prefix");
    },
  );
});
