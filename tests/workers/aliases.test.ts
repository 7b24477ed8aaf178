/** Which accounts an envelope recipient leads to: aliases, the catch-all, tags, postmaster. */
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { ask, putAlias, short } from "./answers.ts";
import { problemAt } from "./api-answers.ts";
import { type Account, aDomain, aLetter, anAccount, asAdmin, ingest } from "./mesh.ts";

/** How many messages of this subject are in the inbox of each. */
const arrivals = (subject: string, ...accounts: Account[]): Promise<number[]> =>
  Promise.all(
    accounts.map(async (account) => (await account.messages()).filter((message) => message.subject === subject).length),
  );

const send = async (to: string, subject: string) => short(await ingest("zoe@far.example", to, aLetter({ subject })));

/** The outside recipients that a domain's forwards have. */
const forwardedTo = async (domain: string): Promise<string[]> => {
  const stub = env.MAILBOX.getByName(await env.DOMAIN.getByName(domain).forwarder());
  return runInDurableObject(stub, (_object, { storage }) =>
    storage.sql
      .exec<{ email: string }>("SELECT email FROM submission_recipient ORDER BY email")
      .toArray()
      .map(({ email }) => email),
  );
};

describe("an alias", () => {
  it("leads to one account, or to several", async () => {
    const domain = await aDomain();
    const [alice, bob] = [await anAccount(domain, "alice"), await anAccount(domain, "bob")];
    expect(await putAlias(`Sales@${domain}`, alice.email)).toEqual([alice.email]);
    await putAlias(`team@${domain}`, alice.email, bob.email);
    expect(await send(`sales@${domain}`, "one")).toEqual(["accepted"]);
    expect(await send(`TEAM@${domain}`, "several")).toEqual(["accepted"]);
    expect(await arrivals("one", alice, bob)).toEqual([1, 0]);
    expect(await arrivals("several", alice, bob)).toEqual([1, 1]);
  });

  it("leads outside, with the capitals of the outside address kept", async () => {
    const domain = await aDomain();
    expect(await putAlias(`ann@${domain}`, "Ann.Other@Far.EXAMPLE")).toEqual(["Ann.Other@far.example"]);
    expect(await send(`ann@${domain}`, "outside")).toEqual(["accepted"]);
    // RFC 5321 §2.4: only the other host knows whether case matters there.
    expect(await forwardedTo(domain)).toEqual(["Ann.Other@far.example"]);
  });

  it("leads to an alias of another domain, and on to its accounts", async () => {
    const [here, there] = [await aDomain(), await aDomain()];
    const bob = await anAccount(there, "bob");
    await putAlias(`outer@${here}`, `inner@${there}`);
    expect(await ask(`outer@${here}`)).toEqual(["550 5.1.1"]);
    await putAlias(`inner@${there}`, bob.email, "ann@far.example");
    expect(await send(`outer@${here}`, "nested")).toEqual(["accepted"]);
    expect(await arrivals("nested", bob)).toEqual([1]);
    expect(await forwardedTo(there)).toEqual(["ann@far.example"]);
  });

  it("does not lead to a catch-all, which is no address", async () => {
    const domain = await aDomain();
    const targets = [`*@${domain}`];
    expect(await problemAt(asAdmin("PUT", `/aliases/info@${domain}`, { targets }))).toBe("bad_request body.targets.0");
  });

  it("that leads only to itself is refused as a loop", async () => {
    const [here, there] = [await aDomain(), await aDomain()];
    await putAlias(`self@${here}`, `self@${here}`);
    await putAlias(`ping@${here}`, `pong@${there}`);
    await putAlias(`pong@${there}`, `ping@${here}`);
    expect(await ask(`self@${here}`, `ping@${here}`)).toEqual(["554 5.4.6", "554 5.4.6"]);
  });

  it("in a loop still reaches the account beside it, once", async () => {
    const domain = await aDomain();
    const alice = await anAccount(domain);
    await putAlias(`a@${domain}`, `b@${domain}`, alice.email);
    await putAlias(`b@${domain}`, `a@${domain}`, alice.email);
    expect(await send(`a@${domain}`, "beside")).toEqual(["accepted"]);
    expect(await arrivals("beside", alice)).toEqual([1]);
  });

  it("costs no more than the addresses it names, however they name each other", async () => {
    const domain = await aDomain();
    const names = Array.from({ length: 20 }, (_, n) => `n${n}@${domain}`);
    for (const name of names) await putAlias(name, ...names);
    // Followed path by path, these would be 20^6 questions.
    expect(await ask(`n0@${domain}`)).toEqual(["554 5.4.6"]);
  });

  it("is replaced, deleted, and gone", async () => {
    const domain = await aDomain();
    const [alice, bob] = [await anAccount(domain, "alice"), await anAccount(domain, "bob")];
    await putAlias(`info@${domain}`, alice.email);
    await putAlias(`info@${domain}`, bob.email, bob.email);
    await send(`info@${domain}`, "replaced");
    expect(await arrivals("replaced", alice, bob)).toEqual([0, 1]);
    expect((await asAdmin("DELETE", `/aliases/info@${domain}`)).status).toBe(204);
    expect(await ask(`info@${domain}`)).toEqual(["550 5.1.1"]);
    expect(await problemAt(asAdmin("DELETE", `/aliases/info@${domain}`))).toBe("not_found");
  });

  it("is an address with targets that are addresses, in a domain that is here", async () => {
    const domain = await aDomain();
    const put = (email: string, ...targets: string[]) => problemAt(asAdmin("PUT", `/aliases/${email}`, { targets }));
    expect(await put(`x@${domain}`, "a@far.example", "no address")).toBe("bad_request body.targets.1");
    expect(await put(`x@${domain}`)).toBe("bad_request body.targets");
    expect(await put("nonsense", "a@far.example")).toBe("bad_request param.email");
    expect(await put("x@never-made.test", "a@far.example")).toBe("not_found");
  });
});

describe("a catch-all", () => {
  it("gets what is nobody's, and nothing else", async () => {
    const domain = await aDomain();
    const [alice, bob] = [await anAccount(domain, "alice"), await anAccount(domain, "bob")];
    await putAlias(`*@${domain}`, bob.email);
    for (const to of ["whoever", "alice", "who+ever", "*"])
      expect(await send(`${to}@${domain}`, to)).toEqual(["accepted"]);
    expect(await arrivals("whoever", alice, bob)).toEqual([0, 1]);
    expect(await arrivals("alice", alice, bob)).toEqual([1, 0]);
    expect(await arrivals("who+ever", alice, bob)).toEqual([0, 1]);
    expect(await arrivals("*", alice, bob)).toEqual([0, 1]);
  });
});

describe("a +tag", () => {
  it("leads to the account before it", async () => {
    const alice = await anAccount();
    const [name, domain] = alice.email.split("@");
    expect(await send(`${name}+News+2026@${domain}`, "tagged")).toEqual(["accepted"]);
    const [message] = await alice.messages();
    expect((await alice.open(message?.id ?? "")).delivered_to).toEqual([`${name}+News+2026@${domain}`]);
    expect(await ask(`+news@${domain}`, `nobody+news@${domain}`)).toEqual(["550 5.1.1", "550 5.1.1"]);
  });

  it("is no tag where the whole is somebody's own address", async () => {
    const domain = await aDomain();
    const [alice, tagged] = [await anAccount(domain, "alice"), await anAccount(domain, "alice+shop")];
    await send(`alice+shop@${domain}`, "exact");
    await send(`alice+other@${domain}`, "other");
    expect(await arrivals("exact", alice, tagged)).toEqual([0, 1]);
    expect(await arrivals("other", alice, tagged)).toEqual([1, 0]);
  });

  it("leads through an alias as well", async () => {
    const alice = await anAccount();
    const domain = alice.email.split("@")[1] ?? "";
    await putAlias(`sales@${domain}`, alice.email);
    await send(`sales+spring@${domain}`, "alias with a tag");
    expect(await arrivals("alias with a tag", alice)).toEqual([1]);
  });
});

describe("postmaster", () => {
  it("is the first account of a domain, unless it is named otherwise", async () => {
    const domain = await aDomain();
    const [first, second] = [await anAccount(domain, "first"), await anAccount(domain, "second")];
    expect(await send(`PostMaster@${domain}`, "unnamed")).toEqual(["accepted"]);
    await putAlias(`postmaster@${domain}`, second.email);
    await send(`postmaster@${domain}`, "named");
    expect(await arrivals("unnamed", first, second)).toEqual([1, 0]);
    expect(await arrivals("named", first, second)).toEqual([0, 1]);
  });

  it("without a domain is the host's own, or that of a domain that is here", async () => {
    await anAccount();
    // RFC 5321 §4.5.1: this name is always taken, and the host's own name need not be a domain of mail.
    expect(await ask("Postmaster", "postmaster")).toEqual(["accepted", "accepted"]);
    const own = env.HOSTNAME;
    const alice = await anAccount();
    env.HOSTNAME = alice.email.split("@")[1] ?? "";
    expect(await send("postmaster", "bare")).toEqual(["accepted"]);
    env.HOSTNAME = own;
    expect(await arrivals("bare", alice)).toEqual([1]);
  });
});
