/** Bulk mail: a copy each, its own queue, and ways off the list that nobody but the recipient can take. */
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { putAlias } from "./answers.ts";
import { problemAt } from "./api-answers.ts";
import { withFaults } from "./faults.ts";
import { aCheckedAccount } from "./mailbox-invariants.ts";
import { type Account, aDomain, aLetter, asAdmin, eventually, fetchMesh, ingest } from "./mesh.ts";
import {
  attemptAfter,
  bounceAddressOf,
  consume,
  queueForgets,
  reaches,
  relayThrough,
  reports,
  send,
  submissionOf,
  taken,
} from "./outgoing.ts";

const BULK = { class: "bulk", undo_seconds: 0 };

const rawOf = async (account: Account, id: string) => (await account.call("GET", `/messages/${id}/raw`)).text();

async function aList(): Promise<{ domain: string; news: Account; bob: Account; eve: Account }> {
  const domain = await aDomain();
  const [news, bob] = [await aCheckedAccount(domain, "news"), await aCheckedAccount(domain, "bob")];
  return { domain, news, bob, eve: await aCheckedAccount(domain, "eve") };
}

/** The newest message of an inbox, as it came, and the ways off the list that it names. */
async function copyOf(account: Account, subject: string) {
  const message = await eventually(async () => (await account.messages()).find((one) => one.subject === subject));
  const raw = await rawOf(account, message.id);
  const unfolded = raw.replaceAll(/\r\n[ \t]/g, " ");
  const [, path = "", mailto = ""] =
    /^List-Unsubscribe: <https:\/\/[^/]+(\/unsubscribe\/[^>]+)>, <mailto:([^>]+)\?subject=unsubscribe>\r$/m.exec(
      unfolded,
    ) ?? [];
  return { raw, path, mailto: decodeURIComponent(mailto) };
}

const oneClick = (path: string, body: BodyInit = "List-Unsubscribe=One-Click", method = "POST") =>
  fetchMesh(path, {
    method,
    ...(method === "POST" ? { body, headers: { "content-type": "application/x-www-form-urlencoded" } } : {}),
  });

const suppressed = (account: Account) =>
  runInDurableObject(account.stub, (_object, { storage }) =>
    storage.sql.exec("SELECT email, reason, detail FROM suppression").toArray(),
  );

describe("a bulk message", () => {
  it("reaches each recipient as a copy that names nobody else and the ways off the list", async () => {
    const { news, bob, eve } = await aList();
    const peer = await relayThrough();
    const sent = await send(news, [bob.email, "zoe@far.example"], {
      ...BULK,
      bcc: [{ email: eve.email }],
      subject: "June",
    });
    const [his, hers] = [await copyOf(bob, "June"), await copyOf(eve, "June")];
    expect(his.raw).toMatch(new RegExp(`^To: ${bob.email}\r$`, "m"));
    expect(hers.raw).toMatch(new RegExp(`^To: ${eve.email}\r$`, "m"));
    for (const { raw } of [his, hers]) {
      expect(raw).toMatch(/^List-Unsubscribe-Post: List-Unsubscribe=One-Click\r$/m);
      expect(raw.match(/^(To|Cc|Bcc):/gim)).toHaveLength(1);
    }
    expect(his.raw).not.toMatch(/zoe@|eve@/);
    expect(his.path).not.toBe(hers.path);
    expect(await reaches(news, sent, "sent")).toMatchObject({ class: "bulk" });
    expect(await taken(peer)).toEqual([{ mail_from: bounceAddressOf(news), rcpt_to: ["zoe@far.example"] }]);
    const own = await news.open(sent.id);
    expect([own.to.map(({ email }) => email), own.bcc.map(({ email }) => email)]).toEqual([
      [bob.email, "zoe@far.example"],
      [eve.email],
    ]);
  });

  it("goes over a queue of its own, and what people write does not", async () => {
    const { news, bob } = await aList();
    const used: string[] = [];
    const noted = (name: string) => async (real: (...args: unknown[]) => Promise<unknown>, args: unknown[]) => {
      used.push(name);
      return real(...args);
    };
    const noting = withFaults({
      OUTBOUND: { sendBatch: noted("personal") },
      OUTBOUND_BULK: { sendBatch: noted("bulk") },
    });
    Object.assign(env, { OUTBOUND: noting.OUTBOUND, OUTBOUND_BULK: noting.OUTBOUND_BULK });
    await reaches(news, await send(news, [bob.email], BULK), "delivered");
    await reaches(news, await send(news, [bob.email], { undo_seconds: 0 }), "delivered");
    expect(used).toEqual(["bulk", "personal"]);
  });

  it("leaves fifty at a time, each recipient once", async () => {
    const { news } = await aList();
    const peer = await relayThrough();
    const all = Array.from({ length: 120 }, (_, n) => `r${n}@far.example`);
    queueForgets();
    const sent = await send(news, all, BULK);
    for (const left of [70, 20, 0]) {
      await attemptAfter(1, news.stub);
      const { recipients } = await submissionOf(news, sent);
      expect(recipients.filter(({ state }) => state === "queued")).toHaveLength(left);
    }
    expect((await submissionOf(news, sent)).next_attempt_at).toBeNull();
    expect((await taken(peer)).flatMap(({ rcpt_to }) => rcpt_to).sort()).toEqual(all.toSorted());
  });

  it("has its letters sent again by an operator on its own queue", async () => {
    const key = "dead/mailmesh-outbound-bulk/x1";
    const body = { user_id: "u0000000000000000", submission_id: 1 };
    const letter = { queue: "mailmesh-outbound-bulk", died_at: new Date().toISOString(), body };
    await env.MAIL.put(key, JSON.stringify(letter));
    queueForgets();
    const answer = await asAdmin("POST", "/dead-letters/mailmesh-outbound-bulk~x1/retry");
    expect([answer.status, await env.MAIL.head(key)]).toEqual([202, null]);
  });
});

describe("one-click", () => {
  it("unsubscribes with a POST and never with a GET, once and for all", async () => {
    const { news, bob } = await aList();
    await send(news, [bob.email], { ...BULK, subject: "June" });
    const { path } = await copyOf(bob, "June");
    for (const method of ["GET", "HEAD", "PUT", "DELETE"]) await oneClick(path, "", method);
    const asked = await oneClick(path, "", "GET");
    expect(asked.headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(await asked.text()).toContain(`${bob.email} gets mailings from ${news.email}`);
    for (const body of ["", "List-Unsubscribe=No", "x".repeat(9000)]) {
      expect((await oneClick(path, body)).status).toBeGreaterThanOrEqual(400);
    }
    expect(await suppressed(news)).toEqual([]);
    const form = new FormData();
    form.set("List-Unsubscribe", "One-Click");
    const answers = [
      ...(await Promise.all([1, 2, 3].map(() => oneClick(path)))),
      await fetchMesh(path, { method: "POST", body: form }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(await suppressed(news)).toEqual([
      { email: bob.email, reason: "unsubscribed", detail: "Unsubscribed one-click" },
    ]);
  });

  it("is for nobody who has another's token, or made one up", async () => {
    const { news, bob, eve } = await aList();
    await send(news, [bob.email], { ...BULK, subject: "June" });
    await send(news, [eve.email], { ...BULK, subject: "July" });
    const [june, july] = [await copyOf(bob, "June"), await copyOf(eve, "July")];
    const [user, id, mac] = [june.path.slice(0, 31), june.path.slice(31, 42), june.path.slice(42)];
    const forged = [
      `${user}${id}${july.path.slice(42)}`,
      `${user}${july.path.slice(31, 42)}${mac}`,
      `/unsubscribe/${bob.user_id}.${id}${mac}`,
      `/unsubscribe/u${"0".repeat(16)}.${id}${mac}`,
      `${user}${id}${"0".repeat(16)}`,
      `${june.path}0`,
      june.path.slice(0, -1),
      `${june.path.toUpperCase()}`,
      "/unsubscribe/%00",
    ];
    const statuses = await Promise.all(forged.map(async (path) => [path, (await oneClick(path)).status]));
    expect(statuses.filter(([, status]) => status !== 404 && status !== 405)).toEqual([]);
    for (const account of [news, bob, eve]) expect(await suppressed(account)).toEqual([]);
  });

  it("keeps later bulk mail away, whatever the spelling, and no other mail", async () => {
    const { news, bob } = await aList();
    await send(news, [bob.email], { ...BULK, subject: "June" });
    await oneClick((await copyOf(bob, "June")).path);
    const to = [{ email: "zoe@far.example" }, { email: bob.email.replace("bob", "BOB") }];
    expect(await problemAt(news.call("POST", "/messages", { ...BULK, to }))).toBe(
      "suppressed_recipients body.to.1.email",
    );
    await reaches(news, await send(news, [bob.email], { undo_seconds: 0, subject: "In person" }), "delivered");
  });

  it("counts for what was accepted before and has not left", async () => {
    const { news, bob, eve } = await aList();
    await send(news, [bob.email], { ...BULK, subject: "June" });
    const { path } = await copyOf(bob, "June");
    queueForgets();
    const sent = await send(news, [bob.email, eve.email], { ...BULK, subject: "July" });
    await oneClick(path);
    await attemptAfter(1, news.stub);
    const { recipients, next_attempt_at } = await submissionOf(news, sent);
    expect(recipients.map(({ email, state }) => [email, state])).toEqual([
      [bob.email, "cancelled"],
      [eve.email, "delivered"],
    ]);
    expect(next_attempt_at).toBeNull();
    const none = await send(news, [eve.email], { ...BULK, subject: "August" });
    await oneClick((await copyOf(eve, "July")).path);
    await attemptAfter(1, news.stub);
    expect(await submissionOf(news, none)).toMatchObject({ state: "cancelled", next_attempt_at: null });
  });
});

describe("mail to the address of List-Unsubscribe", () => {
  it("does the same, and lies in the archive, read", async () => {
    const { news, bob } = await aList();
    await send(news, [bob.email], { ...BULK, subject: "June" });
    const { mailto } = await copyOf(bob, "June");
    expect(await ingest("bob@elsewhere.example", mailto, aLetter({ subject: "unsubscribe" }))).toMatchObject([
      { outcome: "accepted" },
    ]);
    expect(await suppressed(news)).toEqual([
      { email: bob.email, reason: "unsubscribed", detail: "Unsubscribed by mail" },
    ]);
    expect(await news.messages()).toEqual([]);
    expect(await news.messages("archive")).toMatchObject([{ subject: "unsubscribe", is_read: true }]);
  });

  it("with a token that is none is mail like any other", async () => {
    const { news } = await aList();
    await ingest("x@far.example", news.email.replace("@", `+u-${"0".repeat(27)}@`), aLetter({ subject: "Hm" }));
    expect((await news.messages()).map(({ subject }) => subject)).toEqual(["Hm"]);
    expect(await suppressed(news)).toEqual([]);
  });
});

describe("a transactional message", () => {
  it("leaves at once, without being told so", async () => {
    const { news, bob } = await aList();
    const sent = await send(news, [bob.email], { class: "transactional" });
    expect(await reaches(news, sent, "delivered")).toMatchObject({ class: "transactional" });
  });
});

describe("a message from an alias that is gone when it leaves", () => {
  it("goes to nobody, and its writer is told", async () => {
    const { domain, news, bob } = await aList();
    await putAlias(`desk@${domain}`, news.email);
    queueForgets();
    const sent = await send(news, [bob.email], { from: { email: `desk@${domain}` }, undo_seconds: 0 });
    // A second target: the address is not hers alone any more.
    await putAlias(`desk@${domain}`, news.email, bob.email);
    await attemptAfter(1, news.stub);
    const failed = await submissionOf(news, sent);
    expect(failed).toMatchObject({ state: "failed", recipients: [{ status: "5.7.1" }] });
    expect(failed.recipients[0]?.reply).toContain(`desk@${domain} is no address`);
    expect(await bob.messages()).toEqual([]);
    expect(await reports(news)).toHaveLength(1);
    await consume(news.stub);
    expect(await reports(news)).toHaveLength(1);
  });
});

it("a list of classes is closed", async () => {
  const { news } = await aList();
  const answer = news.call("POST", "/messages", { class: "urgent", to: [{ email: "a@b.test" }] });
  expect(await problemAt(answer)).toBe("bad_request body.class");
});
