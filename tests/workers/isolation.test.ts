import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { Filter, FilterRun } from "../../contract/filters.ts";
import { Folder } from "../../contract/folders.ts";
import { MessageSummary, Sent } from "../../contract/messages.ts";
import { ok } from "./api-answers.ts";
import { type Account, aDomain, aLetter, anAccount, fetchMesh, ingest } from "./mesh.ts";
import { upload } from "./upload-files.ts";

let alice: Account;
let bob: Account;
/** Everything of bob's that has an id. */
let his: Record<"message" | "thread" | "inbox" | "folder" | "draft" | "sent" | "submission" | "identity", string>;
let hisUpload: string;
let hisFilter: string;
let hisRun: string;

const A_FILTER = { conditions: { query: "in:anywhere" }, actions: { is_flagged: true } };

beforeAll(async () => {
  const domain = await aDomain();
  alice = await anAccount(domain, "alice");
  bob = await anAccount(domain, "bob");
  // Both get the same message from the same request: inside, both copies may well have the same number.
  await ingest("zoe@far.example", [alice.email, bob.email], aLetter({ subject: "For both" }));
  const [message] = await bob.messages();
  const folder = await ok(bob.call("POST", "/folders", { name: "Private" }), Folder, 201);
  const draft = await ok(bob.call("POST", "/drafts", { subject: "Thoughts" }), MessageSummary, 201);
  const sent = await ok(
    bob.call("POST", "/messages", {
      to: [{ email: "zoe@far.example" }],
      subject: "Later",
      send_at: new Date(Date.now() + 3_600_000).toISOString(),
    }),
    Sent,
    202,
  );
  const identity = await ok(
    bob.call("POST", "/identities", { email: bob.email.replace("@", "+x@") }),
    z.object({ id: z.string() }),
    201,
  );
  hisFilter = (await ok(bob.call("POST", "/filters", A_FILTER), Filter, 201)).id;
  hisRun = (await ok(bob.call("POST", `/filters/${hisFilter}/runs`), FilterRun, 202)).id;
  hisUpload = (await upload(bob, new TextEncoder().encode("private"))).id;
  his = {
    ...{ message: message?.id ?? "", thread: message?.thread_id ?? "", inbox: (await bob.folder("inbox")).id },
    ...{ folder: folder.id, draft: draft.id, sent: sent.id, submission: sent.submission_id },
    identity: identity.id,
  };
});

describe("with alice's token", () => {
  const message = { to: [{ email: "zoe@far.example" }], subject: "x" };

  it("every id of bob's is not found, wherever it stands", async () => {
    const own = (await alice.messages())[0]?.id ?? "";
    const folder = (await ok(alice.call("POST", "/folders", { name: "Hers" }), Folder, 201)).id;
    const ownFilter = (await ok(alice.call("POST", "/filters", A_FILTER), Filter, 201)).id;
    const requests: [method: string, path: string, body?: unknown][] = Object.values(his).flatMap((id) => [
      ["GET", `/messages/${id}`],
      ["GET", `/messages/${id}/raw`],
      ["GET", `/messages/${id}/attachments/0`],
      ["PATCH", `/messages/${id}`, { is_read: true }],
      ["DELETE", `/messages/${id}`],
      ["POST", `/messages/${id}/read-receipt`],
      ["POST", "/messages/batch", { ids: [id], is_read: true }],
      ["POST", "/messages/batch", { ids: [own, id], delete: true }],
      ["PATCH", `/messages/${own}`, { folder_ids: [id] }],
      ["POST", "/messages", { ...message, in_reply_to: id }],
      ["GET", `/threads/${id}`],
      ["GET", `/folders/${id}/messages`],
      ["PATCH", `/folders/${id}`, { name: "Mine now" }],
      ["DELETE", `/folders/${id}`],
      ["POST", "/folders", { name: "Inside", parent_id: id }],
      ["PATCH", `/folders/${folder}`, { parent_id: id }],
      ["PUT", `/drafts/${id}`, message],
      ["POST", `/drafts/${id}/send`, message],
      ["POST", "/drafts", { in_reply_to: id }],
      ["POST", "/drafts", { attachments: [{ message_id: id }] }],
      ["POST", "/messages", { ...message, attachments: [{ message_id: id, n: 0 }] }],
      ["GET", `/submissions/${id}`],
      ["DELETE", `/submissions/${id}`],
      ["PATCH", `/submissions/${id}`, { send_now: true }],
      ["PUT", `/submissions/${id}/message`, message],
      ["PATCH", `/identities/${id}`, { name: "Mine" }],
      ["DELETE", `/identities/${id}`],
      ["GET", `/messages/${id}/spam`],
      ["POST", `/messages/${id}/unsubscribe`],
      ["PATCH", `/messages/${id}`, { snoozed_until: "2099-01-01T00:00:00Z" }],
      ["POST", "/sieve/test", { message_id: id, script: "keep;" }],
      ["GET", `/sieve/${id}`],
    ]);
    requests.push(
      ["GET", `/filters/${hisFilter}`],
      ["PATCH", `/filters/${hisFilter}`, { is_enabled: false }],
      ["DELETE", `/filters/${hisFilter}`],
      ["POST", `/filters/${hisFilter}/runs`],
      ["GET", `/filters/${hisFilter}/runs/${hisRun}`],
      ["GET", `/filters/${ownFilter}/runs/${hisRun}`],
      ["DELETE", `/filters/${ownFilter}/runs/${hisRun}`],
      ["GET", `/uploads/${hisUpload}`],
      ["PUT", `/uploads/${hisUpload}?offset=0`, "private"],
      ["DELETE", `/uploads/${hisUpload}`],
      ["POST", "/drafts", { attachments: [{ upload_id: hisUpload }] }],
    );
    const answers = await Promise.all(
      requests.map(
        async ([method, path, body]) =>
          `${(await alice.call(method, path, body)).status} ${method} ${path} ${JSON.stringify(body) ?? ""}`,
      ),
    );
    expect(answers.filter((answer) => !answer.startsWith("404 "))).toEqual([]);
    expect((await alice.messages()).map(({ subject }) => subject)).toEqual(["For both"]);
    expect((await bob.messages()).map(({ subject, is_read }) => ({ subject, is_read }))).toEqual([
      { subject: "For both", is_read: false },
    ]);
  });

  it("nothing of bob's is found by searching or listed as changed", async () => {
    const found = await alice.call("GET", "/search?q=Thoughts");
    expect(await found.json()).toMatchObject({ messages: [] });
    const changes = JSON.stringify(await (await alice.call("GET", "/changes?since=0")).json());
    expect(Object.values(his).filter((id) => changes.includes(id))).toEqual([]);
  });
});

describe("a token", () => {
  it("opens no other account than its own", async () => {
    const secret = bob.token.split(".")[1];
    const answer = await fetchMesh("/v1/folders", { headers: { authorization: `Bearer ${alice.user_id}.${secret}` } });
    expect(answer.status).toBe(401);
  });

  it("of an account that never was is refused, and nothing is stored for it", async () => {
    for (const n of "0123") {
      const userId = `u${n.repeat(16)}`;
      const headers = { authorization: `Bearer ${userId}.${"A".repeat(43)}` };
      expect((await fetchMesh("/v1/folders", { headers })).status).toBe(401);
      const tables = await runInDurableObject(env.MAILBOX.getByName(userId), (_, { storage }) =>
        storage.sql.exec("SELECT name FROM sqlite_master").toArray(),
      );
      expect(tables).toEqual([]);
    }
  });
});
