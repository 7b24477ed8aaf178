import { describe, expect, it } from "vitest";
import { Identity, IdentityList } from "../../contract/identities.ts";
import { Sent } from "../../contract/messages.ts";
import { putAlias } from "./answers.ts";
import { done, ok, problemAt } from "./api-answers.ts";
import { aCheckedAccount } from "./mailbox-invariants.ts";
import { type Account, aDomain, asAdmin, eventually } from "./mesh.ts";

const list = async (account: Account) => (await ok(account.call("GET", "/identities"), IdentityList)).identities;
const create = (account: Account, identity: object) => account.call("POST", "/identities", identity);
const created = (account: Account, identity: object) => ok(create(account, identity), Identity, 201);
const send = (account: Account, message: object) => account.call("POST", "/messages", { undo_seconds: 0, ...message });
const sent = (account: Account, message: object) => ok(send(account, message), Sent, 202);
const to = (...emails: string[]) => emails.map((email) => ({ email }));

async function aliceAndBob(): Promise<{ alice: Account; bob: Account; domain: string }> {
  const domain = await aDomain();
  const alice = await aCheckedAccount(domain, "alice");
  return { alice, bob: await aCheckedAccount(domain, "bob"), domain };
}

describe("an account's own identity", () => {
  it("is there from the beginning, is the default, and stays", async () => {
    const { alice } = await aliceAndBob();
    const [own, ...others] = await list(alice);
    expect(others).toEqual([]);
    expect(own).toMatchObject({ email: alice.email, name: "Alice Adams", is_default: true, may_delete: false });
    expect(await problemAt(alice.call("DELETE", `/identities/${own?.id}`))).toBe("forbidden");
  });

  it("keeps its id when it is changed", async () => {
    const { alice } = await aliceAndBob();
    const [before] = await list(alice);
    await ok(alice.call("PATCH", `/identities/${before?.id}`, { name: "A.", text_signature: "-- \nA." }), Identity);
    const [after] = await list(alice);
    expect(after).toEqual({ ...before, name: "A.", text_signature: "-- \nA." });
    const { id } = await sent(alice, { to: to("zoe@far.example") });
    expect((await alice.open(id)).from).toEqual({ name: "A.", email: alice.email });
  });
});

describe("an identity", () => {
  it("gives a message its name, its address for answers and its copies, where the message says nothing", async () => {
    const { alice, bob, domain } = await aliceAndBob();
    await putAlias(`sales@${domain}`, alice.email);
    const reply_to = [{ name: "Desk", email: `desk@${domain}` }];
    await created(alice, { email: `sales@${domain}`, name: "Sales", reply_to, bcc: to(bob.email), is_default: true });
    expect((await list(alice)).map(({ is_default }) => is_default)).toEqual([false, true]);
    const silent = await alice.open((await sent(alice, { to: to("zoe@far.example") })).id);
    expect(silent).toMatchObject({ from: { name: "Sales", email: `sales@${domain}` }, reply_to });
    expect(silent.bcc).toEqual([{ name: "", email: bob.email }]);
    expect(silent.return_path).toBe(`sales@${domain}`);
    const [copy] = await eventually(async () => {
      const messages = await bob.messages();
      return messages.length === 1 && messages;
    });
    expect((await bob.open(copy?.id ?? "")).bcc).toEqual([]);
    const own = { from: { name: "Me", email: `sales@${domain}` }, reply_to: to("me@far.example") };
    const spoken = await alice.open((await sent(alice, { ...own, to: to(bob.email) })).id);
    expect(spoken).toMatchObject({ from: own.from, reply_to: [{ name: "", email: "me@far.example" }], bcc: [] });
    const other = await alice.open((await sent(alice, { from: { email: alice.email }, to: to("z@far.example") })).id);
    expect(other).toMatchObject({ from: { name: "Alice Adams", email: alice.email }, reply_to: [], bcc: [] });
  });

  it("is one an address, and goes; the default falls back to the account's own", async () => {
    const { alice, domain } = await aliceAndBob();
    const made = await created(alice, { email: `Alice+News@${domain.toUpperCase()}`, is_default: true });
    expect(made.email).toBe(`Alice+News@${domain}`);
    expect(await problemAt(create(alice, { email: `Alice+News@${domain}` }))).toBe("conflict body.email");
    await done(alice.call("DELETE", `/identities/${made.id}`));
    expect(await problemAt(alice.call("PATCH", `/identities/${made.id}`, { name: "x" }))).toBe("not_found");
    expect((await list(alice)).map(({ is_default }) => is_default)).toEqual([true]);
  });

  it("is one of at most fifty", async () => {
    const { alice } = await aliceAndBob();
    const tagged = (n: number) => ({ email: alice.email.replace("@", `+${n}@`) });
    for (let n = 1; n < 50; n++) await created(alice, tagged(n));
    expect(await problemAt(create(alice, tagged(50)))).toBe("conflict");
  });

  it("is refused with what is wrong in it, and where", async () => {
    const { alice } = await aliceAndBob();
    const wrong = { email: alice.email.replace("@", "+x@"), reply_to: to("no"), bcc: to("a@b.test", "b@") };
    expect(await problemAt(create(alice, wrong))).toBe("bad_request body.reply_to.0.email body.bcc.1.email");
    const [own] = await list(alice);
    expect(await problemAt(alice.call("PATCH", `/identities/${own?.id}`, { email: "x@y.test" }))).toMatch(
      "bad_request",
    );
    expect(await problemAt(alice.call("PATCH", `/identities/${own?.id}`, {}))).toMatch("bad_request");
  });
});

describe("an address that is not the account's alone", () => {
  it("is neither an identity nor a sender, however it is written", async () => {
    const { alice, bob, domain } = await aliceAndBob();
    const idn = `müller-${domain}`;
    await asAdmin("POST", "/domains", { name: idn });
    await putAlias(`team@${domain}`, alice.email, bob.email);
    await putAlias(`away@${domain}`, alice.email, "alice@far.example");
    await putAlias(`*@${domain}`, alice.email);
    await putAlias(`boss@${idn}`, bob.email);
    const [local = ""] = bob.email.split("@");
    const foreign = [
      ...[bob.email, bob.email.toUpperCase(), `${local}+x@${domain}`, `"${local}"@${domain}`, `"${local}+x"@${domain}`],
      ...[`team@${domain}`, `team+x@${domain}`, `away@${domain}`, `caught@${domain}`, `*@${domain}`],
      ...[`boss@${idn}`, `postmaster`, `alice@far.example`, `${alice.email}, ${bob.email}`, `${alice.email}\r\nX: y`],
      ...[`<${alice.email}>`, `Bob <${alice.email}>`, `${alice.email}\u0000`, ` ${alice.email}`],
    ];
    for (const email of foreign) {
      expect([email, await problemAt(create(alice, { email }))]).toEqual([email, "invalid_sender body.email"]);
      const answer = await problemAt(send(alice, { from: { email }, to: to("zoe@far.example") }));
      expect([email, answer]).toEqual([email, "invalid_sender body.from.email"]);
    }
    expect(await alice.messages("sent")).toEqual([]);
  });

  it("cannot be had by other fields of the request, or through the name", async () => {
    const { alice, bob } = await aliceAndBob();
    const message = { to: to("zoe@far.example") };
    for (const more of [
      { from: [{ email: alice.email }, { email: bob.email }] },
      { sender: { email: bob.email } },
      { resent_from: { email: bob.email } },
      { headers: { Sender: bob.email } },
      { mail_from: bob.email },
    ]) {
      expect(await problemAt(send(alice, { ...message, ...more }))).toMatch(/^bad_request body/);
    }
    const name = `x" <${bob.email}>,\r\nSender: ${bob.email}\r\nResent-From: ${bob.email}\r\n`;
    const { id } = await sent(alice, { ...message, from: { name, email: alice.email } });
    const raw = await (await alice.call("GET", `/messages/${id}/raw`)).text();
    expect(raw).not.toMatch(/^(Sender|Resent-From):/im);
    expect((await alice.open(id)).from?.email).toBe(alice.email);
  });

  it("of another domain is the account's when an alias there leads to it", async () => {
    const { alice } = await aliceAndBob();
    const other = `bücher-${crypto.randomUUID().slice(0, 8)}.test`;
    await asAdmin("POST", "/domains", { name: other });
    await putAlias(`shop@${other}`, alice.email);
    const { email } = await created(alice, { email: `Shop@${other.toUpperCase()}`, name: "Shop" });
    expect(email).toMatch(/^Shop@xn--bcher-/);
    const { id } = await sent(alice, { from: { email: `Shop@${other}` }, to: to("zoe@far.example") });
    expect((await alice.open(id)).from).toEqual({ name: "Shop", email });
  });

  it("is no sender any more once its alias is gone, also where it is the default identity", async () => {
    const { alice, bob, domain } = await aliceAndBob();
    await putAlias(`sales@${domain}`, alice.email);
    await created(alice, { email: `sales@${domain}`, is_default: true });
    await done(asAdmin("DELETE", `/aliases/${encodeURIComponent(`sales@${domain}`)}`));
    const message = { to: to(bob.email) };
    expect(await problemAt(send(alice, message))).toBe("invalid_sender body.from.email");
    expect(await problemAt(send(alice, { ...message, from: { email: `sales@${domain}` } }))).toMatch("invalid_sender");
    await sent(alice, { ...message, from: { email: alice.email } });
  });
});
