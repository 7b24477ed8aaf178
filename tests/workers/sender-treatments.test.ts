/** Senders that the owner blocked, and those whose mail is never junk. */
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { drizzle } from "drizzle-orm/durable-sqlite";
import { describe, expect, it } from "vitest";
import { Authentication } from "../../contract/authentication.ts";
import { MAX_SENDER_TREATMENTS } from "../../contract/limits.ts";
import { SenderTreatment, SenderTreatmentPage } from "../../contract/sender-treatments.ts";
import type { Examination, Letter } from "../../durable-objects/mailbox/letter.ts";
import { message } from "../../schema/mailbox/tables.ts";
import { readContent } from "../../workers/storage/read-content.ts";
import { short } from "./answers.ts";
import { done, ok, problemAt, problemOf } from "./api-answers.ts";
import { DOORS } from "./doors.ts";
import { aCheckedAccount } from "./mailbox-invariants.ts";
import { type Account, aDomain, aLetter, anAccount, asAdmin, ingest } from "./mesh.ts";
import { attemptAfter, queueForgets, reaches, send } from "./outgoing.ts";

const ZOE = "zoe@far.example";

type List = "blocked-senders" | "never-junk-senders";
const put = (account: Account, list: List, sender: string) =>
  ok(account.call("POST", `/${list}`, { sender }), SenderTreatment, 201);
const block = (account: Account, sender: string) => put(account, "blocked-senders", sender);
const listed = async (account: Account, list: List) =>
  (await ok(account.call("GET", `/${list}`), SenderTreatmentPage)).senders.map(({ sender }) => sender);

describe("a list of senders", () => {
  it("holds addresses and domains in one spelling, each once, and only on one list", async () => {
    const alice = await anAccount();
    await block(alice, "Zoe@Far.Example");
    await block(alice, "zoe@far.example");
    await block(alice, "@Far.Example");
    expect(await listed(alice, "blocked-senders")).toEqual(["@far.example", "zoe@far.example"]);
    await put(alice, "never-junk-senders", ZOE);
    expect(await listed(alice, "blocked-senders")).toEqual(["@far.example"]);
    expect(await listed(alice, "never-junk-senders")).toEqual([ZOE]);
  });

  it("is walked in pages, and a sender comes off it", async () => {
    const alice = await anAccount();
    for (const name of ["a", "b", "c"]) await block(alice, `${name}@far.example`);
    const first = await ok(alice.call("GET", "/blocked-senders?limit=2"), SenderTreatmentPage);
    expect(first.senders.map(({ sender }) => sender)).toEqual(["a@far.example", "b@far.example"]);
    const rest = await ok(alice.call("GET", `/blocked-senders?cursor=${first.next_cursor}`), SenderTreatmentPage);
    expect(rest).toMatchObject({ senders: [{ sender: "c@far.example" }], next_cursor: null });
    await done(alice.call("DELETE", `/blocked-senders/${encodeURIComponent("B@far.example")}`));
    expect(await listed(alice, "blocked-senders")).toEqual(["a@far.example", "c@far.example"]);
    expect(await problemAt(alice.call("DELETE", "/blocked-senders/b@far.example"))).toBe("not_found");
    expect(await problemAt(alice.call("DELETE", "/never-junk-senders/a@far.example"))).toBe("not_found");
  });

  it.each(["zoe", "@com", "@", "far.example", "a\r\nb@far.example", `${"x".repeat(400)}@far.example`])(
    "takes no %j",
    async (sender) => {
      const alice = await anAccount();
      expect(await problemAt(alice.call("POST", "/blocked-senders", { sender }))).toBe("bad_request body.sender");
    },
  );

  it("says that a top-level domain is too much", async () => {
    const alice = await anAccount();
    const problem = await problemOf(alice.call("POST", "/blocked-senders", { sender: "@com" }));
    expect(problem.issues).toMatchObject([{ at: "body.sender", message: expect.stringContaining("top-level") }]);
  });

  it("refuses a cursor that it did not give, and a wrong name in the path", async () => {
    const alice = await anAccount();
    expect(await problemAt(alice.call("GET", "/blocked-senders?cursor=x"))).toBe("bad_cursor query.cursor");
    expect((await alice.call("DELETE", "/blocked-senders/%00")).status).toBe(400);
  });

  it("has a limit", async () => {
    const alice = await anAccount();
    for (let n = 0; n < MAX_SENDER_TREATMENTS; n += 50) {
      const names = Array.from({ length: 50 }, (_, m) => `s${n + m}@far.example`);
      await Promise.all(names.map((name) => block(alice, name)));
    }
    expect(await problemAt(alice.call("POST", "/blocked-senders", { sender: ZOE }))).toBe("conflict");
    await put(alice, "never-junk-senders", ZOE);
  });

  it("is its owner's alone", async () => {
    const domain = await aDomain();
    const [alice, bob] = [await anAccount(domain, "alice"), await anAccount(domain, "bob")];
    await block(alice, ZOE);
    expect(await listed(bob, "blocked-senders")).toEqual([]);
    expect(short(await ingest(ZOE, [alice.email, bob.email], aLetter()))).toEqual(["550 5.7.1", "accepted"]);
    expect(await bob.messages()).toHaveLength(1);
  });
});

describe.each(DOORS)("at %s", (_name, door) => {
  it("a blocked envelope sender is refused, in any spelling, and others are not", async () => {
    const alice = await aCheckedAccount();
    await block(alice, ZOE);
    expect(await door("ZOE@Far.example", [alice.email], aLetter())).toEqual(["550 5.7.1"]);
    expect(await door("zoe+shop@far.example", [alice.email], aLetter())).toEqual(["550 5.7.1"]);
    expect(await door("ann@far.example", [alice.email], aLetter({ from: "ann@far.example" }))).toEqual(["accepted"]);
    expect(await alice.messages()).toHaveLength(1);
    expect(await alice.messages("junk")).toEqual([]);
  });

  it("a blocked domain is refused with its subdomains, but for the one who may", async () => {
    const alice = await aCheckedAccount();
    await block(alice, "@far.example");
    await put(alice, "never-junk-senders", ZOE);
    expect(await door("news@deep.mail.far.example", [alice.email], aLetter())).toEqual(["550 5.7.1"]);
    expect(await door(ZOE, [alice.email], aLetter())).toEqual(["accepted"]);
    expect(await door("ann@notfar.example", [alice.email], aLetter({ from: "ann@notfar.example" }))).toEqual([
      "accepted",
    ]);
    expect(await alice.messages()).toHaveLength(2);
  });

  it("a blocked author who comes by another envelope goes to junk, with the reason", async () => {
    const alice = await aCheckedAccount();
    await block(alice, ZOE);
    expect(await door("bounces@mailer.example", [alice.email], aLetter())).toEqual(["accepted"]);
    expect(await alice.messages()).toEqual([]);
    expect(await alice.messages("junk")).toHaveLength(1);
  });

  it("a report with no sender comes in whoever is blocked", async () => {
    const alice = await aCheckedAccount();
    await block(alice, "@far.example");
    expect(await door("", [alice.email], aLetter({ from: "MAILER-DAEMON@else.example" }))).toEqual(["accepted"]);
    expect(await alice.messages()).toHaveLength(1);
  });
});

describe("an alias of several accounts", () => {
  it("takes mail that one of them has blocked, for the others", async () => {
    const domain = await aDomain();
    const [alice, bob] = [await aCheckedAccount(domain, "alice"), await aCheckedAccount(domain, "bob")];
    const targets = [alice.email, bob.email];
    expect((await asAdmin("PUT", `/aliases/both@${domain}`, { targets })).status).toBe(200);
    await block(alice, ZOE);
    expect(short(await ingest(ZOE, `both@${domain}`, aLetter()))).toEqual(["accepted"]);
    expect(await alice.messages()).toEqual([]);
    expect(await bob.messages()).toHaveLength(1);
    await block(bob, "@far.example");
    expect(short(await ingest(ZOE, `both@${domain}`, aLetter()))).toEqual(["550 5.7.1"]);
  });
});

describe("mail within the mesh", () => {
  it("of a blocked account fails, and its sender is told", async () => {
    const domain = await aDomain();
    const [alice, bob] = [await aCheckedAccount(domain, "alice"), await aCheckedAccount(domain, "bob")];
    await block(bob, alice.email);
    queueForgets();
    const sent = await send(alice, [bob.email], { undo_seconds: 0 });
    await attemptAfter(0, alice.stub);
    const { recipients } = await reaches(alice, sent, "failed");
    expect(recipients).toMatchObject([{ status: "5.7.1" }]);
    expect(await bob.messages()).toEqual([]);
  });
});

/** A letter as the mesh hands it over, with a verdict that no test at the door can bring about. */
async function deliverWith(
  account: Account,
  from: string,
  sender: Authentication["sender"],
  more: Partial<Pick<Letter, "is_acknowledged">> & { spf?: "pass" | "fail"; return_path?: string } = {},
) {
  const { spf = "fail", return_path = "bounces@mailer.example", ...rest } = more;
  const authentication = Authentication.parse({
    ...{ by: "mesh.test", sender, override: null, arc: null, dkim: [] },
    ...{ spf: { result: spf, domain: null }, dmarc: { result: "none", domain: null, policy: null } },
  });
  const bytes = new TextEncoder().encode(aLetter({ from }));
  const examination: Examination = {
    ...{
      authentication,
      warnings: [],
      attachment_scan: null,
      spam_signs: null,
      list_unsubscribe: null,
      link_hosts: [],
      header: bytes,
    },
  };
  const raw_key = `raw/${account.user_id}/${crypto.randomUUID()}`;
  await env.MAIL.put(raw_key, bytes);
  await account.stub.deliver({
    ...{ raw_key, added_fields: "", size: bytes.length, content: await readContent(bytes), examination },
    ...{ return_path, delivered_to: [account.email], received_at: Date.now(), ...rest },
    ...{ fingerprint: crypto.randomUUID(), repeat_window: 0 },
  });
}

describe("what is in the mailbox of a letter", () => {
  it("that was acknowledged before its sender was blocked is not lost: it is in junk", async () => {
    const alice = await anAccount();
    await block(alice, ZOE);
    await deliverWith(alice, ZOE, "verified", { return_path: ZOE, is_acknowledged: true });
    expect(await alice.messages("junk")).toHaveLength(1);
  });
});

describe("what the owner's word adds to the spam score", () => {
  const LIST = "list-bounces@lists.example";
  it.each<[word: string, List, sender: string, ...Said]>([
    ["blocked_sender", "blocked-senders", ZOE, ZOE, "verified"],
    ["blocked_sender", "blocked-senders", ZOE, ZOE, "forged"],
    ["never_junk_sender", "never-junk-senders", ZOE, ZOE, "verified"],
    ["never_junk_sender", "never-junk-senders", ZOE, ZOE, "unverified"],
    ["", "never-junk-senders", ZOE, ZOE, "forged"],
    ["never_junk_sender", "never-junk-senders", "@lists.example", ZOE, "verified", { return_path: LIST, spf: "pass" }],
    ["", "never-junk-senders", "@lists.example", ZOE, "verified", { return_path: LIST, spf: "fail" }],
    ["", "never-junk-senders", "@else.example", ZOE, "verified"],
  ])("is %j for %s of %s and a letter from %s, %s %j", async (word, list, sender, ...letter) => {
    const alice = await anAccount();
    await put(alice, list, sender);
    await deliverWith(alice, ...letter);
    const [row] = await rowsOf(alice);
    expect(
      (row?.spam?.tests ?? [])
        .map(({ name }) => name)
        .filter((name) => name.endsWith("_sender"))
        .join(),
    ).toBe(word);
  });
});

type Said = Parameters<typeof deliverWith> extends [unknown, ...infer Rest] ? Rest : never;

const rowsOf = ({ stub }: Account) =>
  runInDurableObject(stub, (_object, { storage }) => drizzle(storage).select().from(message).all());
