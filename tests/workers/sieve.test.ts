// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Sieve writes its variables so.
/** Sieve scripts through the API, and what the active one does to mail at the door. */
import { describe, expect, it } from "vitest";
import { Folder } from "../../contract/folders.ts";
import { SieveCheck, SieveScript, SieveScriptText, SieveState, SieveTest } from "../../contract/sieve.ts";
import { short } from "./answers.ts";
import { done, ok, problemOf } from "./api-answers.ts";
import { letLeave, waitingFollowUps } from "./follow-up-mail.ts";
import { aCheckedAccount } from "./mailbox-invariants.ts";
import { type Account, aDomain, aLetter, anAccount, ingest } from "./mesh.ts";
import { queueForgets, relayThrough, taken } from "./outgoing.ts";

const ZOE = "zoe@far.example";

const activate = (account: Account, script: string): Promise<SieveScript> =>
  ok(account.call("PUT", "/sieve/main", { script, is_active: true }), SieveScript);

/** A letter comes in; where it is and how it is marked. */
async function arrives(account: Account, letter: Parameters<typeof aLetter>[0] = {}) {
  const outcomes = short(await ingest(ZOE, account.email, aLetter({ to: account.email, ...letter })));
  const [newest] = await account.messages("all");
  const folders = await ok(account.call("GET", "/folders"), Folder.array());
  const names = newest?.folder_ids.map((id) => folders.find((folder) => folder.id === id)?.name ?? "?") ?? [];
  return { outcomes, id: newest?.id, is_read: newest?.is_read, keywords: newest?.keywords, names: names.sort() };
}

const lastError = async (account: Account) => (await ok(account.call("GET", "/sieve"), SieveState)).last_error?.message;

describe("the API", () => {
  it("keeps scripts and gives them back as they were, of which one is active", async () => {
    const alice = await anAccount();
    const script = "# Ünïcode\r\nkeep;\r\n";
    await ok(alice.call("PUT", "/sieve/one", { script }), SieveScript);
    await ok(alice.call("PUT", "/sieve/two", { script: "discard;", is_active: true }), SieveScript);
    expect(await ok(alice.call("GET", "/sieve/one"), SieveScriptText)).toMatchObject({ script, is_active: false });
    await ok(alice.call("POST", "/sieve/one/activate"), SieveScript);
    const { scripts, capabilities } = await ok(alice.call("GET", "/sieve"), SieveState);
    expect(scripts.map(({ name, is_active }) => [name, is_active])).toEqual([
      ["one", true],
      ["two", false],
    ]);
    expect(capabilities).toContain("imap4flags");
    expect((await problemOf(alice.call("DELETE", "/sieve/one"))).status).toBe(409);
    await done(alice.call("POST", "/sieve/deactivate"));
    await done(alice.call("DELETE", "/sieve/one"));
    expect((await problemOf(alice.call("GET", "/sieve/one"))).status).toBe(404);
  });

  it.each([
    ["PUT", "/sieve/main", { script: "keep;", active: true }],
    ["POST", "/sieve/check", { script: "keep;", name: "main" }],
    ["POST", "/sieve/test", { message_id: "2nt1m5ta4tr", scripts: "keep;" }],
  ])("%s %s refuses what it does not know", async (method, path, body) => {
    const alice = await anAccount();
    expect(await problemOf(alice.call(method, path, body))).toMatchObject({ status: 400, reason: "bad_request" });
    expect((await ok(alice.call("GET", "/sieve"), SieveState)).scripts).toEqual([]);
  });

  it("says where the mistakes of a script are, and keeps what was there", async () => {
    const alice = await anAccount();
    await activate(alice, "keep;");
    const wrong = 'require "telepathy";\nkeep;\nfly "away";';
    expect(await problemOf(alice.call("PUT", "/sieve/main", { script: wrong }))).toMatchObject({
      status: 422,
      reason: "invalid_script",
      issues: [{ at: "body.script:1:9" }, { at: "body.script:3:1" }],
    });
    const check = await ok(alice.call("POST", "/sieve/check", { script: wrong }), SieveCheck);
    expect(check).toMatchObject({
      is_valid: false,
      issues: [
        { line: 1, column: 9 },
        { line: 3, column: 1 },
      ],
    });
    expect(await ok(alice.call("GET", "/sieve/main"), SieveScriptText)).toMatchObject({ script: "keep;" });
  });

  it("shows no script to another account, and takes no name that is none", async () => {
    const [alice, bob] = [await anAccount(), await anAccount()];
    await activate(alice, "keep;");
    expect((await problemOf(bob.call("GET", "/sieve/main"))).status).toBe(404);
    expect((await problemOf(alice.call("PUT", `/sieve/${encodeURIComponent("a/b")}`, { script: "" }))).status).toBe(
      404,
    );
    expect((await problemOf(alice.call("PUT", "/sieve/%00", { script: "" }))).status).toBe(404);
  });

  it("tells what a script would do with a message that is here, and does nothing", async () => {
    const alice = await aCheckedAccount();
    const { id } = await arrives(alice, { body: "buy widgets" });
    const script =
      'require ["body", "fileinto", "envelope"]; if allof(body :raw :contains "widgets", envelope "from" "zoe@far.example") { fileinto "Shop"; }';
    const test = await ok(alice.call("POST", "/sieve/test", { script, message_id: id }), SieveTest);
    expect(test).toEqual({ actions: [{ action: "fileinto", folder: "Shop", flags: [], create: false }], error: null });
    expect((await problemOf(alice.call("POST", "/sieve/test", { message_id: id }))).status).toBe(404);
    expect((await problemOf(alice.call("POST", "/sieve/test", { script, message_id: "nonsense" }))).status).toBe(404);
  });
});

describe("the active script", () => {
  it("files into folders, by role, by path, and makes them where it says so", async () => {
    const alice = await aCheckedAccount();
    await activate(
      alice,
      'require ["fileinto", "mailbox", "copy"]; fileinto :create "Lists/Cooks"; fileinto :copy "archive";',
    );
    expect((await arrives(alice)).names).toEqual(["Archive", "Cooks"]);
    expect((await arrives(alice)).names).toEqual(["Archive", "Cooks"]);
    expect(await lastError(alice)).toBeUndefined();
  });

  it("marks", async () => {
    const alice = await aCheckedAccount();
    await activate(
      alice,
      'require "imap4flags"; if header :contains "subject" "news" { addflag ["\\\\Seen", "todo"]; }',
    );
    expect(await arrives(alice, { subject: "Old news" })).toMatchObject({
      is_read: true,
      keywords: ["todo"],
      names: ["Inbox"],
    });
    expect(await arrives(alice)).toMatchObject({ is_read: false, keywords: [] });
  });

  it("sees the text of an encoded body", async () => {
    const alice = await aCheckedAccount();
    await activate(alice, 'require ["body", "fileinto"]; if body :contains "secret" { fileinto "Archive"; }');
    expect((await arrives(alice, { body: "no" })).names).toEqual(["Inbox"]);
    const extra = "Content-Transfer-Encoding: base64\r\nMIME-Version: 1.0\r\n";
    expect((await arrives(alice, { extra, body: btoa("a secret") })).names).toEqual(["Archive"]);
  });

  it("that discards puts into the trash, read: nothing that was acknowledged is lost", async () => {
    const alice = await aCheckedAccount();
    await activate(alice, "discard;");
    expect(await arrives(alice)).toMatchObject({ outcomes: ["accepted"], names: ["Trash"], is_read: true });
  });

  it("that rejects has the sender refused while it listens, and nothing is kept", async () => {
    queueForgets();
    const alice = await aCheckedAccount();
    await activate(alice, 'require "reject"; if header :contains "subject" "offer" { reject "No offers."; }');
    expect(await arrives(alice, { subject: "An offer" })).toMatchObject({
      outcomes: ["550 5.7.1"],
      names: [],
    });
    expect((await arrives(alice)).names).toEqual(["Inbox"]);
  });

  it("that rejects what others took keeps it in the trash, and an unverified sender hears nothing", async () => {
    queueForgets();
    const domain = await aDomain();
    const [alice, bob] = [await anAccount(domain, "alice"), await anAccount(domain, "bob")];
    await activate(alice, 'require "reject"; reject "No.";');
    expect(short(await ingest(ZOE, [alice.email, bob.email], aLetter()))).toEqual(["accepted", "accepted"]);
    expect(await alice.messages("trash")).toHaveLength(1);
    expect(await bob.messages()).toHaveLength(1);
    expect(await waitingFollowUps(alice)).toEqual([]);
  });

  it("that rejects what others took tells a sender who is verified, and why", async () => {
    queueForgets();
    const peer = await relayThrough();
    const domain = await aDomain();
    const [alice, bob] = [await anAccount(domain, "alice"), await anAccount(domain, "bob")];
    await activate(alice, 'require "reject"; reject "No offers, please.";');
    const verified = { "authentication-results": "mx.gateway.test; dmarc=pass header.from=far.example" };
    await ingest(ZOE, [alice.email, bob.email], aLetter({ subject: "An offer" }), verified);
    await letLeave(alice);
    expect(await taken(peer)).toEqual([{ mail_from: "", rcpt_to: [ZOE] }]);
    const told = new TextDecoder().decode(await peer.body());
    expect(told).toContain("Subject: Refused: An offer\r\n");
    expect(told).toContain("No offers, please.");
    expect(told).toContain("Disposition: automatic-action/MDN-sent-automatically; deleted\r\n");
  });

  it("that answers with a MIME entity sends what it says, not how it is written", async () => {
    queueForgets();
    const peer = await relayThrough();
    const alice = await aCheckedAccount();
    const entity = "Content-Type: text/html; charset=utf-8\r\n\r\n<p>Back on <b>Monday</b>.</p>";
    await activate(alice, `require "vacation"; vacation :mime text:\n${entity}\n.\n;`);
    await arrives(alice);
    await letLeave(alice);
    const sent = new TextDecoder().decode(await peer.body());
    expect(sent).toContain("<p>Back on <b>Monday</b>.</p>");
    expect(sent).toMatch(/Content-Type: text\/plain[\s\S]*Back on Monday\.[\s\S]*Content-Type: text\/html/);
  });

  it("redirects and answers, once for each message and each sender", async () => {
    queueForgets();
    const alice = await aCheckedAccount();
    await activate(
      alice,
      'require ["vacation", "copy"]; redirect :copy "eve@else.example"; vacation :days 3 :subject "Away" "Back on Monday.";',
    );
    const raw = aLetter({ to: alice.email });
    for (let n = 0; n < 2; n++) await ingest(ZOE, alice.email, raw);
    const first = await waitingFollowUps(alice);
    expect(first.map(({ kind, detail }) => [kind, detail.to])).toEqual([
      ["forward", "eve@else.example"],
      ["vacation", ZOE],
    ]);
    expect(first[1]?.detail).toMatchObject({ subject: "Away", body: "Back on Monday." });
    await arrives(alice);
    expect((await waitingFollowUps(alice)).map(({ kind }) => kind)).toEqual(["forward", "vacation", "forward"]);
    expect(await alice.messages()).toHaveLength(2);
  });

  it("redirected alone is in the trash; what came round is not redirected again", async () => {
    queueForgets();
    const alice = await aCheckedAccount();
    await activate(alice, 'redirect "eve@else.example";');
    expect((await arrives(alice)).names).toEqual(["Trash"]);
    const before = (await waitingFollowUps(alice)).length;
    await arrives(alice, { extra: `Delivered-To: ${alice.email}\r\n` });
    expect((await waitingFollowUps(alice)).length).toBe(before);
  });

  it("that fails, or names a folder that is not there, keeps the message and tells its owner", async () => {
    const alice = await aCheckedAccount();
    await activate(alice, 'require "fileinto"; fileinto "Nowhere";');
    expect((await arrives(alice)).names).toEqual(["Inbox"]);
    expect(await lastError(alice)).toBe('there is no folder "Nowhere"');
    await activate(alice, 'require "variables"; set "a" "x"; redirect "${a}";');
    expect(await lastError(alice)).toBeUndefined();
    expect((await arrives(alice)).names).toEqual(["Inbox"]);
    expect(await lastError(alice)).toContain("is no address");
  });

  it("is asked before filters, which see the message as it left it", async () => {
    const alice = await aCheckedAccount();
    await activate(alice, 'require "imap4flags"; addflag "seen-by-script";');
    const filter = { conditions: { query: "from:zoe" }, actions: { is_flagged: true, keywords: ["by-filter"] } };
    await alice.call("POST", "/filters", filter);
    expect((await arrives(alice)).keywords).toEqual(["seen-by-script", "by-filter"]);
  });

  it("that was switched off does nothing", async () => {
    const alice = await aCheckedAccount();
    await activate(alice, "discard;");
    await alice.call("POST", "/sieve/deactivate");
    expect((await arrives(alice)).names).toEqual(["Inbox"]);
  });
});
