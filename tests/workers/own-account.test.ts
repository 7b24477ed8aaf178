/** Whose mailbox it is, as its own client is told. */
import { describe, expect, it } from "vitest";
import { OwnAccount } from "../../contract/account.ts";
import { Identity } from "../../contract/identities.ts";
import { putAlias } from "./answers.ts";
import { done, ok } from "./api-answers.ts";
import { type Account, aDomain, anAccount, asAdmin, fetchMesh } from "./mesh.ts";

const accountOf = (account: Account) => ok(account.call("GET", "/account"), OwnAccount);

describe("an account", () => {
  it("is told to a browser that has only the cookie", async () => {
    const alice = await anAccount();
    const answer = fetchMesh("/v1/account", { headers: { cookie: `__Host-mailmesh=${alice.token}` } });
    const { created_at, ...told } = await ok(answer, OwnAccount);
    const { user_id, email } = alice;
    expect(told).toEqual({ user_id, email, name: "Alice Adams", addresses: [email] });
    expect(Math.abs(Date.parse(created_at) - Date.now())).toBeLessThan(60_000);
  });

  it("has the aliases of its domain that lead to it alone", async () => {
    const domain = await aDomain();
    const [alice, bob] = [await anAccount(domain, "alice"), await anAccount(domain, "bob")];
    await putAlias(`sales@${domain}`, alice.email);
    await putAlias(`info@${domain}`, alice.email);
    await putAlias(`both@${domain}`, alice.email, bob.email);
    await putAlias(`outside@${domain}`, alice.email, "zoe@far.example");
    await putAlias(`*@${domain}`, alice.email);
    const own = [alice.email, `info@${domain}`, `sales@${domain}`];
    expect((await accountOf(alice)).addresses).toEqual(own);
    expect((await accountOf(bob)).addresses).toEqual([bob.email]);
    await putAlias(`sales@${domain}`, bob.email);
    await done(asAdmin("DELETE", `/aliases/info@${domain}`));
    expect((await accountOf(alice)).addresses).toEqual([alice.email]);
  });

  it("has addresses elsewhere that it has an identity for, while they lead to it", async () => {
    const [alice, bob] = [await anAccount(), await anAccount()];
    const elsewhere = `alice@${await aDomain()}`;
    await putAlias(elsewhere, alice.email);
    const tagged = alice.email.replace("@", "+news@");
    for (const email of [elsewhere, tagged]) await ok(alice.call("POST", "/identities", { email }), Identity, 201);
    expect((await accountOf(alice)).addresses).toEqual([alice.email, elsewhere, tagged]);
    await putAlias(elsewhere, bob.email);
    expect((await accountOf(alice)).addresses).toEqual([alice.email, tagged]);
  });
});
