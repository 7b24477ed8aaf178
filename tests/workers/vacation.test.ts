/** Vacation notices after RFC 3834 and RFC 5230: a table of who is answered, and what the answer looks like. */
import { afterEach, describe, expect, it, vi } from "vitest";
import { Vacation } from "../../contract/vacation.ts";
import { tidy } from "../../durable-objects/mailbox/housekeeping.ts";
import { correspondent, vacation_reply } from "../../schema/mailbox/tables.ts";
import { putAlias } from "./answers.ts";
import { ok, problemAt } from "./api-answers.ts";
import { letLeave, makeFollowUps, waitingFollowUps } from "./follow-up-mail.ts";
import { comeHome, goAway } from "./going-away.ts";
import { mailboxOf } from "./mailbox-inside.ts";
import { aCheckedAccount } from "./mailbox-invariants.ts";
import { type Account, aDomain, aLetter, anAccount, ingest, lines } from "./mesh.ts";
import { queueForgets, relayThrough, taken } from "./outgoing.ts";

const ZOE = "zoe@far.example";
const DAY_MS = 24 * 3_600_000;

afterEach(comeHome);

interface Case {
  envelope?: string;
  from?: string;
  to?: string;
  cc?: string;
  extra?: string;
  notice?: object;
}

/** Whether a letter is answered, and whom the answer goes to. */
async function answered(alice: Account, { envelope = ZOE, from = ZOE, to = alice.email, extra = "" }: Case = {}) {
  const before = (await waitingFollowUps(alice)).length;
  await ingest(envelope, alice.email, aLetter({ from, to, extra }));
  const [...waiting] = (await waitingFollowUps(alice)).slice(before);
  return waiting.map(({ detail }) => detail.to);
}

const field = (name: string, value: string): Case => ({ extra: lines(`${name}: ${value}`) });

describe("a vacation notice", () => {
  it.each<[section: string, Case]>([
    ["RFC 3834 §2: a letter to the owner's address", {}],
    ["RFC 5230 §4.5: one that has it in Cc", { to: "ann@else.example", extra: "Cc: ALICE\r\n" }],
    ["RFC 3834 §5: Auto-Submitted that says no", field("Auto-Submitted", "no")],
    [
      "RFC 3834 §4: from somebody else than its envelope, whose answer goes to the envelope",
      { from: "ann@else.example" },
    ],
    ["RFC 3834 §2: with a Precedence that is no list's", field("Precedence", "first-class")],
  ])("answers %s", async (_section, given) => {
    queueForgets();
    const alice = await anAccount();
    await goAway(alice);
    const extra = given.extra?.replace("ALICE", alice.email.toUpperCase());
    expect(await answered(alice, { ...given, ...(extra === undefined ? {} : { extra }) })).toEqual([ZOE]);
  });

  it.each<[section: string, Case]>([
    ["RFC 3834 §2, RFC 5321 §4.5.5: from nobody", { envelope: "" }],
    ["RFC 5230 §4.6: from MAILER-DAEMON", { envelope: "MAILER-DAEMON@far.example" }],
    ["RFC 5230 §4.6: from an owner- address", { envelope: "owner-cooks@far.example" }],
    ["RFC 5230 §4.6: from a -request address", { envelope: "cooks-request@far.example" }],
    ["RFC 5230 §4.6: from listserv", { envelope: "LISTSERV@far.example" }],
    ["RFC 5230 §4.6: from majordomo", { envelope: "majordomo@far.example" }],
    ["a bounce address of a list (VERP)", { envelope: "cooks-bounces+alice=mesh.test@far.example" }],
    ["RFC 3834 §2: from no-reply", { envelope: "no-reply@far.example" }],
    ["RFC 3834 §5: Auto-Submitted: auto-generated", field("Auto-Submitted", "auto-generated")],
    ["RFC 3834 §5: Auto-Submitted: auto-replied", field("Auto-Submitted", "auto-replied (vacation)")],
    ["RFC 3834 §5.1: Auto-Submitted in capitals", field("AUTO-SUBMITTED", "AUTO-NOTIFIED; owner-email=x")],
    ["RFC 2919, RFC 5230 §4.6: with List-Id", field("List-Id", "<cooks.example>")],
    ["RFC 2369, RFC 5230 §4.6: with List-Unsubscribe", field("List-Unsubscribe", "<https://far.example/u>")],
    ["RFC 2369: with List-Post", field("List-Post", "<mailto:cooks@far.example>")],
    ["RFC 3834 §2: Precedence: bulk", field("Precedence", "bulk")],
    ["RFC 3834 §2: Precedence: list", field("Precedence", "LIST")],
    ["RFC 3834 §2: Precedence: junk", field("Precedence", "junk")],
    ["RFC 3834 §2: a report", field("Content-Type", "multipart/report; report-type=delivery-status; boundary=x")],
    ["with X-Auto-Response-Suppress: All", field("X-Auto-Response-Suppress", "All")],
    ["with X-Auto-Response-Suppress: DR, OOF", field("X-Auto-Response-Suppress", "DR, OOF")],
    ["RFC 5230 §4.5: that names the owner nowhere", { to: "cooks@far.example" }],
    ["RFC 5230 §4.5: that names nobody", { to: "undisclosed-recipients:;" }],
    ["from an address that is none", { envelope: "zoe" }],
  ])("does not answer %s", async (_section, given) => {
    queueForgets();
    const alice = await anAccount();
    await goAway(alice);
    expect(await answered(alice, given)).toEqual([]);
  });

  it("RFC 3834 §2: does not answer the owner's own address, nor one that the owner writes as", async () => {
    queueForgets();
    const domain = await aDomain();
    const alice = await anAccount(domain);
    await putAlias(`ally@${domain}`, alice.email);
    await alice.call("POST", "/identities", { email: `ally@${domain}`, name: "Ally" });
    await goAway(alice);
    expect(await answered(alice, { envelope: alice.email.toUpperCase() })).toEqual([]);
    expect(await answered(alice, { envelope: `ally@${domain}` })).toEqual([]);
  });

  it("RFC 5230 §4.5: answers what came to an alias of the owner alone, and from that address", async () => {
    const peer = await relayThrough();
    queueForgets();
    const domain = await aDomain();
    const alice = await anAccount(domain);
    await putAlias(`ally@${domain}`, alice.email);
    await goAway(alice);
    await ingest(ZOE, `ally@${domain}`, aLetter({ to: `ally@${domain}` }));
    await letLeave(alice);
    expect(new TextDecoder().decode(await peer.body())).toMatch(new RegExp(`From: [^\r]*<ally@${domain}>`));
  });

  it("RFC 5230 §4.5: does not answer what came to an alias of many, and the next letter is answered", async () => {
    await relayThrough();
    queueForgets();
    const domain = await aDomain();
    const [alice, bob] = [await anAccount(domain, "alice"), await anAccount(domain, "bob")];
    await putAlias(`team@${domain}`, alice.email, bob.email);
    await goAway(alice);
    await ingest(ZOE, `team@${domain}`, aLetter({ to: `team@${domain}` }));
    await makeFollowUps(alice);
    expect(await waitingFollowUps(alice)).toEqual([]);
    expect(await mailboxOf(alice, ({ db }) => db.select().from(vacation_reply).all())).toEqual([]);
    expect(await answered(alice)).toEqual([ZOE]);
  });

  it("RFC 5230 §4.2: answers each sender once in a period, whatever the case and tag of letters between", async () => {
    queueForgets();
    const alice = await anAccount();
    await goAway(alice, { days: 3 });
    expect(await answered(alice)).toEqual([ZOE]);
    expect(await answered(alice, { envelope: "ZOE@FAR.example" })).toEqual([]);
    expect(await answered(alice, { envelope: "ann@else.example" })).toEqual(["ann@else.example"]);
    for (const [days, expected] of [
      [2.9, []],
      [3.1, [ZOE]],
      [3.2, []],
    ] as const) {
      vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + days * DAY_MS });
      expect(await answered(alice)).toEqual(expected);
      vi.useRealTimers();
    }
  });

  it("RFC 5230 §4.2: is told again with other words, and not with other dates", async () => {
    queueForgets();
    const alice = await anAccount();
    await goAway(alice);
    expect(await answered(alice)).toEqual([ZOE]);
    await goAway(alice, { until: "2030-01-01T00:00:00Z" });
    expect(await answered(alice)).toEqual([]);
    await goAway(alice, { body: "Still away." });
    expect(await answered(alice)).toEqual([ZOE]);
  });

  it("is given between its dates, and while it is enabled", async () => {
    queueForgets();
    const alice = await anAccount();
    const at = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString();
    await goAway(alice, { from: at(1) });
    expect(await answered(alice)).toEqual([]);
    await goAway(alice, { until: at(-1) });
    expect(await answered(alice)).toEqual([]);
    await goAway(alice, { is_enabled: false });
    expect(await answered(alice)).toEqual([]);
    await goAway(alice, { from: at(-1), until: at(1) });
    expect(await answered(alice)).toEqual([ZOE]);
  });

  it("is given to contacts alone where its owner wants that", async () => {
    queueForgets();
    const alice = await anAccount();
    await goAway(alice, { only_contacts: true });
    expect(await answered(alice)).toEqual([]);
    const zoe = { address: ZOE, name_key: "", domain_key: "far.example", written_at: 1 };
    await mailboxOf(alice, ({ db }) => db.insert(correspondent).values(zoe).run());
    expect(await answered(alice)).toEqual([ZOE]);
  });

  it("RFC 5230 §5: does not answer spam, nor what a filter throws away", async () => {
    queueForgets();
    const alice = await anAccount();
    await goAway(alice);
    await alice.call("POST", "/blocked-senders", { sender: "spam@far.example" });
    expect(await answered(alice, { from: "spam@far.example" })).toEqual([]);
    const filter = { conditions: { query: "subject:hello" }, actions: { delete: true } };
    await alice.call("POST", "/filters", filter);
    expect(await answered(alice)).toEqual([]);
  });

  it("RFC 3834 §3, RFC 5230 §5: leaves from nobody, to the envelope, marked, as an answer, in its owner's name", async () => {
    const peer = await relayThrough();
    queueForgets();
    const alice = await aCheckedAccount();
    await goAway(alice, { body: "Bin im Urlaub, grüß Dich.", body_html: "<p>Bin im Urlaub</p>" });
    const references = lines("References: <a@far.example> <b@far.example>");
    const letter = aLetter({
      from: "ann@else.example",
      to: alice.email,
      subject: "Öl",
      id: "c@far.example",
      extra: references,
    });
    await ingest(ZOE, alice.email, letter);
    await letLeave(alice);
    expect(await taken(peer)).toEqual([{ mail_from: "", rcpt_to: [ZOE] }]);
    const sent = new TextDecoder().decode(await peer.body());
    const header = sent.slice(0, sent.indexOf("\r\n\r\n"));
    expect(header).toMatch(/^Auto-Submitted: auto-replied$/m);
    expect(header).toMatch(new RegExp(`^From: .*<${alice.email}>$`, "m"));
    expect(header).toMatch(new RegExp(`^To: ${ZOE}$`, "m"));
    expect(header).toMatch(/^Subject: =\?utf-8\?/im);
    expect(header).toMatch(/^In-Reply-To: <c@far.example>$/m);
    expect(header.replaceAll(/\r\n[ \t]+/g, " ")).toMatch(
      /^References: <a@far.example> <b@far.example> <c@far.example>$/m,
    );
    expect(header).toMatch(/^Content-Type: multipart\/alternative/m);
    // What the owner has in Sent is what the owner wrote.
    expect(await alice.messages("sent")).toEqual([]);
  });

  it("is forgotten after the longest period", async () => {
    queueForgets();
    const alice = await anAccount();
    await goAway(alice);
    await answered(alice);
    const kept = (days: number) =>
      mailboxOf(alice, (box, storage, objectEnv) => {
        storage.kv.put("tidy_at", 0);
        tidy(box, storage, objectEnv, Date.now() + days * DAY_MS);
        return box.db.select().from(vacation_reply).all().length;
      });
    expect([await kept(89), await kept(91)]).toEqual([1, 0]);
  });

  it("keeps its words when other settings change, and the other way round", async () => {
    const alice = await anAccount();
    const set = await goAway(alice);
    await alice.call("PATCH", "/settings", { trash_days: null });
    expect(await ok(alice.call("GET", "/vacation"), Vacation)).toEqual(set);
    await goAway(alice, { days: 2 });
    expect(await (await alice.call("GET", "/settings")).json()).toMatchObject({ trash_days: null, undo_seconds: 0 });
  });

  it.each([
    ["without words", { is_enabled: true }, "bad_request body.body"],
    [
      "that ends before it begins",
      { body: "x", from: "2026-01-02T00:00:00Z", until: "2026-01-01T00:00:00Z" },
      "bad_request body.until",
    ],
    ["each hour", { body: "x", days: 0 }, "bad_request body.days"],
    ["with a field that there is not", { body: "x", when: "now" }, "bad_request body"],
  ])("%s is none", async (_what, notice, problem) => {
    const alice = await anAccount();
    expect(await problemAt(alice.call("PUT", "/vacation", notice))).toBe(problem);
  });
});
