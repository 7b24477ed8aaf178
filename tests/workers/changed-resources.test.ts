/** What one client changes of the account's own things, the others hear of, and which to read anew. */
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { ChangedResource, Changes } from "../../contract/changes.ts";
import { ok } from "./api-answers.ts";
import { liveOf } from "./live-socket.ts";
import { type Account, aDomain, anAccount, logIn } from "./mesh.ts";

const stateOf = async (account: Account) => (await ok(account.call("GET", "/changes"), Changes)).state;
const since = (account: Account, state: string) => ok(account.call("GET", `/changes?since=${state}`), Changes);

const ZOE = { sender: "zoe@far.example" };
const A_FILTER = { name: "News", conditions: { query: "from:zoe" }, actions: { is_read: true } };
const NOTICE = { is_enabled: true, body: "Away." };
const SCRIPT = { script: "keep;" };

/** A change of each resource: made, changed where that is another call, and deleted. */
const CHANGES: Record<ChangedResource, [method: string, path: string, body?: unknown][]> = {
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
};

const Made = z.object({ id: z.string().optional() }).nullable();

describe.each(ChangedResource.options)("%s", (resource) => {
  it("tell all clients of each change, and of none that was refused", async () => {
    const alice = await anAccount();
    let id = "";
    for (const [method, path, body] of CHANGES[resource]) {
      const before = await stateOf(alice);
      const filled = JSON.stringify(body)?.replace("ID", id).replace("OWN+TAG", alice.email.replace("@", "+tag@"));
      const at = path.replace("ID", id);
      const answer = await alice.call(method, at, filled === undefined ? undefined : JSON.parse(filled));
      expect(`${method} ${at} ${answer.ok}`).toBe(`${method} ${at} true`);
      id ||= Made.parse(JSON.parse((await answer.text()) || "null"))?.id ?? "";
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
