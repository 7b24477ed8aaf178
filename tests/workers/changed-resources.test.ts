/** What one client changes of the account's own things, the others hear of, and which to read anew. */
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { type ChangedResource, Changes } from "../../contract/changes.ts";
import { liftBounce, suppress } from "../../durable-objects/mailbox/suppressions.ts";
import { ok } from "./api-answers.ts";
import { liveOf } from "./live-socket.ts";
import { mailboxOf } from "./mailbox-inside.ts";
import { type Account, aDomain, anAccount, logIn, PASSWORD } from "./mesh.ts";

const stateOf = async (account: Account) => (await ok(account.call("GET", "/changes"), Changes)).state;
const since = (account: Account, state: string) => ok(account.call("GET", `/changes?since=${state}`), Changes);

const ZOE = { sender: "zoe@far.example" };
const A_FILTER = { name: "News", conditions: { query: "from:zoe" }, actions: { is_read: true } };
const NOTICE = { is_enabled: true, body: "Away." };
const SCRIPT = { script: "keep;" };

/** A change of each resource: made, changed where that is another call, and deleted. */
const CHANGES: Record<
  Exclude<ChangedResource, "sessions" | "suppressions">,
  [method: string, path: string, body?: unknown][]
> = {
  settings: [["PATCH", "/settings", { theme: "dark" }]],
  identities: [
    ["POST", "/identities", { email: "OWN+TAG" }],
    ["PATCH", "/identities/ID", { name: "A" }],
    ["DELETE", "/identities/ID"],
  ],
  templates: [
    ["POST", "/templates", { name: "Offer" }],
    ["PATCH", "/templates/ID", { name: "A" }],
    ["DELETE", "/templates/ID"],
  ],
  searches: [
    ["POST", "/searches", { name: "Bills", query: "bill" }],
    ["DELETE", "/searches/ID"],
  ],
  filters: [
    ["POST", "/filters", A_FILTER],
    ["PATCH", "/filters/ID", { is_enabled: false }],
    ["PUT", "/filters/order", { ids: ["ID"] }],
    ["POST", "/filters/ID/runs"],
    ["DELETE", "/filters/ID"],
  ],
  sieve: [
    ["PUT", "/sieve/main", SCRIPT],
    ["POST", "/sieve/main/activate"],
    ["POST", "/sieve/deactivate"],
    ["DELETE", "/sieve/main"],
  ],
  vacation: [["PUT", "/vacation", NOTICE]],
  "blocked-senders": [
    ["POST", "/blocked-senders", ZOE],
    ["DELETE", "/blocked-senders/zoe@far.example"],
  ],
  "never-junk-senders": [
    ["POST", "/never-junk-senders", ZOE],
    ["DELETE", "/never-junk-senders/zoe@far.example"],
  ],
  "image-senders": [
    ["POST", "/image-senders", ZOE],
    ["DELETE", "/image-senders/zoe@far.example"],
  ],
  tokens: [
    ["POST", "/tokens", { name: "Backup" }],
    ["DELETE", "/tokens/ID"],
  ],
  aliases: [
    ["POST", "/aliases", { note: "Bookshop" }],
    ["PATCH", "/aliases/EMAIL", { is_active: false }],
    ["DELETE", "/aliases/EMAIL"],
  ],
};

const Made = z.object({ id: z.string().optional(), email: z.string().optional() }).nullable();

const asked = Object.entries(CHANGES).map(([resource, changes]) => ({ resource, changes }));

describe.each(asked)("$resource", ({ resource, changes }) => {
  it("tell all clients of each change, and of none that was refused", async () => {
    const alice = await anAccount();
    let [id, email] = ["", ""];
    for (const [method, path, body] of changes) {
      const before = await stateOf(alice);
      const filled = JSON.stringify(body)?.replace("ID", id).replace("OWN+TAG", alice.email.replace("@", "+tag@"));
      const at = path.replace("ID", id).replace("EMAIL", email);
      const answer = await alice.call(method, at, filled === undefined ? undefined : JSON.parse(filled));
      expect(`${method} ${at} ${answer.ok}`).toBe(`${method} ${at} true`);
      const made = Made.parse(JSON.parse((await answer.text()) || "null"));
      [id, email] = [id || (made?.id ?? ""), email || (made?.email ?? "")];
      const told = await since(alice, before);
      expect(`${method} ${at} ${told.resources}`).toBe(`${method} ${at} ${resource}`);
      expect(told.folder.changed).toEqual([]);
      // Deleted again, or changed to what it cannot be.
      if (method !== "DELETE" && body === undefined) continue;
      const refused = await alice.call(method, at, body && { no_such_field: 1 });
      expect(`${method} ${at} ${refused.ok}`).toBe(`${method} ${at} false`);
      expect(await stateOf(alice)).toBe(told.state);
    }
  });
});

/** What the others read anew after it. */
async function toldBy(account: Account, work: () => Promise<unknown>): Promise<ChangedResource[]> {
  const before = await stateOf(account);
  await work();
  return (await since(account, before)).resources.toSorted();
}

describe("what changes without being asked for by its name", () => {
  it("are sessions: by a login, the end of one or of all others, and a new password, which ends tokens too", async () => {
    const alice = await anAccount();
    expect(await toldBy(alice, () => logIn(alice.email))).toEqual(["sessions"]);
    expect(await toldBy(alice, () => alice.call("DELETE", "/sessions"))).toEqual(["sessions"]);
    const phone = await logIn(alice.email);
    expect(await toldBy(alice, () => phone.call("DELETE", "/sessions/current"))).toEqual(["sessions"]);
    const words = { current_password: PASSWORD, new_password: "a new long password" };
    expect(await toldBy(alice, () => alice.call("PUT", "/password", words))).toEqual(["sessions", "tokens"]);
  });

  it("are suppressions: by what comes back, by a delivery, and by their owner", async () => {
    const alice = await anAccount();
    const why = { reason: "bounce", detail: "gone", submission_id: null, created_at: 0 } as const;
    const put = () => mailboxOf(alice, ({ db }) => suppress(db, { email: ZOE.sender, ...why }));
    const lift = () => mailboxOf(alice, ({ db }) => liftBounce(db, ZOE.sender));
    expect(await toldBy(alice, put)).toEqual(["suppressions"]);
    expect(await toldBy(alice, lift)).toEqual(["suppressions"]);
    expect(await toldBy(alice, lift)).toEqual([]);
    await put();
    const takeOff = () => alice.call("DELETE", `/suppressions/${ZOE.sender}`);
    expect(await toldBy(alice, takeOff)).toEqual(["suppressions"]);
  });
});

describe("a change of the account's own things", () => {
  it("is named once, however often it happened, and is pushed", async () => {
    const phone = await anAccount();
    const laptop = await logIn(phone.email);
    const live = await liveOf(laptop);
    const before = await stateOf(laptop);
    await phone.call("PATCH", "/settings", { theme: "dark" });
    await phone.call("PATCH", "/settings", { theme: "light" });
    await live.hearsOf("settings");
    live.close();
    expect((await since(laptop, before)).resources).toEqual(["settings"]);
  });

  it("is nobody else's", async () => {
    const domain = await aDomain();
    const [alice, bob] = [await anAccount(domain, "alice"), await anAccount(domain, "bob")];
    const before = await stateOf(bob);
    await alice.call("PATCH", "/settings", { theme: "dark" });
    expect(await stateOf(bob)).toBe(before);
  });
});
