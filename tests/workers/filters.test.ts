/** What filters do to mail that comes, and what is no filter. */
import { describe, expect, it } from "vitest";
import { Filter, FilterList, FilterTest } from "../../contract/filters.ts";
import { Folder } from "../../contract/folders.ts";
import { ok, problemOf } from "./api-answers.ts";
import { waitingFollowUps } from "./follow-up-mail.ts";
import { aCheckedAccount } from "./mailbox-invariants.ts";
import { type Account, aDomain, aLetter, anAccount, ingest, lines } from "./mesh.ts";
import { queueForgets } from "./outgoing.ts";

const ZOE = "zoe@far.example";
const LIST = "list@else.example";
const BY_ZOE = { query: "from:zoe" };

const make = (account: Account, conditions: object, actions: object, more = {}): Promise<Filter> =>
  ok(account.call("POST", "/filters", { conditions, actions, ...more }), Filter, 201);

const aFolder = (account: Account, name: string): Promise<Folder> =>
  ok(account.call("POST", "/folders", { name }), Folder, 201);

/** A letter comes in; where it is, as its reader sees it. */
async function arrives(account: Account, letter: Parameters<typeof aLetter>[0] = {}, envelope = ZOE) {
  await ingest(envelope, account.email, aLetter(letter));
  const [newest] = await account.messages("all");
  if (newest === undefined) throw new Error("it did not come");
  const folders = await ok(account.call("GET", "/folders"), Folder.array());
  const names = newest.folder_ids.map((id) => folders.find((folder) => folder.id === id)?.name ?? "?");
  return { ...newest, names: names.sort() };
}

describe("a filter", () => {
  it("moves, and a folder of another filter adds up", async () => {
    const alice = await aCheckedAccount();
    const [work, zoe] = [await aFolder(alice, "Work"), await aFolder(alice, "Zoe")];
    await make(alice, { query: "subject:invoice" }, { move_to: [work.id] });
    await make(alice, BY_ZOE, { add_to: [zoe.id] });
    expect((await arrives(alice, { subject: "An invoice" })).names).toEqual(["Work", "Zoe"]);
    expect((await arrives(alice, { subject: "A letter" })).names).toEqual(["Inbox", "Zoe"]);
  });

  it("marks", async () => {
    const alice = await aCheckedAccount();
    await make(alice, BY_ZOE, { is_read: true, is_flagged: true, keywords: ["$important", "todo"] });
    expect(await arrives(alice)).toMatchObject({
      ...{ is_read: true, is_flagged: true, keywords: ["$important", "todo"], names: ["Inbox"] },
    });
    expect(await alice.folder("inbox")).toMatchObject({ total: 1, unread: 0 });
  });

  it.each([
    ["archive", { archive: true }, ["Archive"]],
    ["delete", { delete: true }, ["Trash"]],
    ["junk always", { junk: "always" }, ["Junk"]],
    ["archive and label", { archive: true, keywords: ["x"] }, ["Archive"]],
  ])("does %s", async (_what, actions, names) => {
    const alice = await aCheckedAccount();
    await make(alice, BY_ZOE, actions);
    expect((await arrives(alice)).names).toEqual(names);
  });

  it("that stops keeps later ones from being asked, in the order that its owner gave", async () => {
    const alice = await aCheckedAccount();
    const first = await make(alice, BY_ZOE, { is_flagged: true });
    const second = await make(alice, BY_ZOE, { is_read: true, stop: true });
    const third = await make(alice, BY_ZOE, { delete: true });
    expect(await arrives(alice)).toMatchObject({ is_flagged: true, is_read: true, names: ["Inbox"] });
    await ok(alice.call("PUT", "/filters/order", { ids: [second.id, third.id, first.id] }), FilterList);
    expect(await arrives(alice)).toMatchObject({ is_flagged: false, is_read: true, names: ["Inbox"] });
    await ok(alice.call("PUT", "/filters/order", { ids: [third.id, second.id, first.id] }), FilterList);
    expect((await arrives(alice)).names).toEqual(["Trash"]);
  });

  it("that is switched off or deleted does nothing", async () => {
    const alice = await aCheckedAccount();
    const one = await make(alice, BY_ZOE, { delete: true }, { is_enabled: false });
    expect((await arrives(alice)).names).toEqual(["Inbox"]);
    await ok(alice.call("PATCH", `/filters/${one.id}`, { is_enabled: true, name: "Zoe" }), Filter);
    expect((await arrives(alice)).names).toEqual(["Trash"]);
    expect((await alice.call("DELETE", `/filters/${one.id}`)).status).toBe(204);
    expect((await arrives(alice)).names).toEqual(["Inbox"]);
  });

  it("asks for fields of the header", async () => {
    const alice = await aCheckedAccount();
    const headers = [{ field: "X-Origin", match: "matches", value: "build-*" }];
    await make(alice, { headers }, { archive: true });
    expect((await arrives(alice, { extra: lines("X-Origin: Build-7") })).names).toEqual(["Archive"]);
    expect((await arrives(alice, { extra: lines("X-Origin: people") })).names).toEqual(["Inbox"]);
  });

  it("whose folder is gone leaves the message where it is", async () => {
    const alice = await aCheckedAccount();
    const work = await aFolder(alice, "Work");
    await make(alice, BY_ZOE, { move_to: [work.id], is_flagged: true });
    await alice.call("DELETE", `/folders/${work.id}`);
    expect(await arrives(alice)).toMatchObject({ is_flagged: true, names: ["Inbox"] });
  });

  it("sees junk only to say that it is none, or where its query looks there", async () => {
    const alice = await aCheckedAccount();
    // Blocked in From, by another envelope.
    await alice.call("POST", "/blocked-senders", { sender: ZOE });
    await make(alice, BY_ZOE, { is_flagged: true });
    expect(await arrives(alice, {}, LIST)).toMatchObject({ is_flagged: false, names: ["Junk"] });
    const rescue = await make(alice, { query: "subject:hello" }, { junk: "never" });
    expect(await arrives(alice, {}, LIST)).toMatchObject({ is_flagged: true, names: ["Inbox"] });
    await alice.call("DELETE", `/filters/${rescue.id}`);
    await make(alice, { query: "in:spam" }, { delete: true });
    expect((await arrives(alice, {}, LIST)).names).toEqual(["Trash"]);
  });

  it("is not asked about reports of what its owner sent, nor about what the mesh itself writes", async () => {
    const alice = await anAccount();
    await make(alice, { query: "in:anywhere" }, { delete: true });
    await alice.call("POST", "/drafts", { subject: "A draft" });
    expect(await alice.messages("drafts")).toHaveLength(1);
    expect(await alice.messages("trash")).toHaveLength(0);
  });

  it("forwards to each address once, and answers a sender once a day", async () => {
    queueForgets();
    const alice = await anAccount();
    const reply = { body: "Thank you." };
    await make(alice, BY_ZOE, { forward_to: ["ANN@else.example", "ANN@ELSE.example"], reply });
    await make(alice, BY_ZOE, { forward_to: ["ANN@else.example", "ben@else.example"], reply: { body: "Again." } });
    await arrives(alice);
    await arrives(alice);
    const waiting = (await waitingFollowUps(alice)).map(({ kind, detail }) => `${kind} ${detail.to}`);
    const [ann, ben] = ["forward ANN@else.example", "forward ben@else.example"];
    expect(waiting).toEqual([ann, ben, `reply ${ZOE}`, ann, ben]);
  });
});

describe("what is no filter", () => {
  it.each([
    ["an operator that there is not", { query: "form:zoe" }, {}, "body.conditions.query"],
    ["a date that is none", { query: "after:soon" }, {}, "body.conditions.query"],
    ["a bracket that nothing closes", { query: "(from:zoe" }, {}, "body.conditions.query"],
    ["a folder that there is not", { query: "in:nowhere" }, {}, "body.conditions.query"],
    ["no condition", {}, {}, "body.conditions"],
    ["an empty query", { query: "  " }, {}, "body.conditions"],
    ["no field's name", { headers: [{ field: "a b", match: "exists" }] }, {}, "body.conditions.headers.0.field"],
    ["no address", BY_ZOE, { forward_to: ["nobody"] }, "body.actions.forward_to.0"],
    ["nothing to do", BY_ZOE, { is_read: undefined }, "body.actions"],
    ["a view", BY_ZOE, { move_to: "flagged" }, "body.actions.move_to"],
  ])("%s", async (_what, conditions, actions, at) => {
    const alice = await anAccount();
    const wanted: Record<string, unknown> = { ...actions };
    if (wanted.move_to === "flagged") wanted.move_to = [(await alice.folder("flagged")).id];
    const isEmpty = "is_read" in actions;
    const body = { conditions, actions: isEmpty || Object.keys(wanted).length > 0 ? wanted : { is_read: true } };
    const answer = await alice.call("POST", "/filters", body);
    expect([400, 422]).toContain(answer.status);
    expect((await problemOf(answer)).issues?.map((issue) => issue.at)).toContain(at);
  });

  it("forwards to an address of its own account", async () => {
    const alice = await anAccount();
    const tagged = alice.email.replace("@", "+x@");
    const answer = await alice.call("POST", "/filters", { conditions: BY_ZOE, actions: { forward_to: [tagged] } });
    expect(answer.status).toBe(422);
  });

  it("names a folder of somebody else", async () => {
    const domain = await aDomain();
    const [alice, bob] = [await anAccount(domain, "alice"), await anAccount(domain, "bob")];
    const { id } = await aFolder(bob, "Bob's");
    const wanted = { conditions: BY_ZOE, actions: { move_to: [id] } };
    expect((await alice.call("POST", "/filters", wanted)).status).toBe(404);
    const theirs = await make(bob, BY_ZOE, { is_read: true });
    for (const [method, path, body] of [
      ["GET", `/filters/${theirs.id}`],
      ["PATCH", `/filters/${theirs.id}`, { name: "mine" }],
      ["DELETE", `/filters/${theirs.id}`],
      ["POST", `/filters/${theirs.id}/runs`],
      ["GET", `/filters/${theirs.id}/runs`],
    ] as const) {
      expect((await alice.call(method, path, body)).status).toBe(404);
    }
    expect((await alice.call("PUT", "/filters/order", { ids: [theirs.id] })).status).toBe(409);
  });

  it("is one more than two hundred", async () => {
    const alice = await anAccount();
    for (let n = 0; n < 200; n++) await make(alice, { query: `subject:w${n}` }, { is_flagged: true });
    const more = { conditions: BY_ZOE, actions: { is_flagged: true } };
    expect((await alice.call("POST", "/filters", more)).status).toBe(409);
    expect(await arrives(alice, { subject: "w199" })).toMatchObject({ is_flagged: true });
  });
});

describe("a test of a filter", () => {
  const test = (account: Account, conditions: object, limit = 10) =>
    ok(account.call("POST", "/filters/test", { conditions, limit }), FilterTest);

  it("finds the newest and counts all, by query and by header", async () => {
    const alice = await anAccount();
    for (let n = 0; n < 5; n++) {
      await ingest(ZOE, alice.email, aLetter({ subject: `Letter ${n}`, extra: lines(`X-Even: ${n % 2 === 0}`) }));
    }
    const byQuery = await test(alice, { query: "subject:letter" }, 2);
    expect(byQuery).toMatchObject({ matched: 5, is_complete: true });
    expect(byQuery.messages.map(({ subject }) => subject)).toEqual(["Letter 4", "Letter 3"]);
    const byHeader = await test(alice, { headers: [{ field: "X-Even", match: "is", value: "true" }] }, 2);
    expect(byHeader).toMatchObject({ matched: 3, is_complete: true });
    expect(byHeader.messages.map(({ subject }) => subject)).toEqual(["Letter 4", "Letter 2"]);
    expect((await alice.call("POST", "/filters/test", { conditions: { query: "form:x" } })).status).toBe(400);
  });
});
