import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { Sent } from "../../contract/messages.ts";
import { Sending } from "../../contract/sending.ts";
import { done, ok, problemAt, problemOf } from "./api-answers.ts";
import { storedBytes } from "./faults.ts";
import { aCheckedAccount } from "./mailbox-invariants.ts";
import { type Account, aDomain, aLetter, asAdmin, ingest } from "./mesh.ts";
import { queueForgets } from "./outgoing.ts";

const DAY = 24 * 3_600_000;
const strangers = (n: number) => Array.from({ length: n }, (_, i) => ({ email: `r${i}@far.example` }));
const post = (account: Account, n: number, more = {}) =>
  account.call("POST", "/messages", { undo_seconds: 0, bcc: strangers(n), ...more });
const sent = (account: Account, n: number, more = {}) => ok(post(account, n, more), Sent, 202);
const sending = (account: Account) => ok(account.call("GET", "/sending"), Sending);
const setSending = (account: Account, body: object) =>
  asAdmin("PUT", `/accounts/${encodeURIComponent(account.email)}/sending`, body);

/** A deployment with this limit, whose queue does nothing. */
function limited(perDay: number): void {
  env.SEND_LIMIT_PER_DAY = String(perDay);
  queueForgets();
}

const daysFromNow = (n: number) => vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + n * DAY });

describe("the limit of a day", () => {
  it("is a tenth for a new account; what is over it is refused until midnight, and leaves nothing", async () => {
    limited(100);
    const alice = await aCheckedAccount();
    await sent(alice, 8);
    expect(await sending(alice)).toMatchObject({ daily_recipients: 10, used: 8, is_stopped: false, stopped_at: null });
    const before = await storedBytes(alice);
    const answer = await post(alice, 3);
    const wait = Number(answer.headers.get("retry-after"));
    expect(await problemOf(answer)).toMatchObject({
      reason: "sending_limit",
      detail: expect.stringMatching(/10 recipients.*; 8 were written to today, and this message has 3/),
    });
    const { resets_at } = await sending(alice);
    expect(Math.abs(Date.now() + wait * 1000 - Date.parse(resets_at))).toBeLessThan(5000);
    expect(await storedBytes(alice)).toEqual(before);
    await sent(alice, 2);
    expect(await problemAt(post(alice, 1))).toBe("sending_limit");
  });

  it("begins again at midnight, and grows with the account", async () => {
    limited(100);
    const alice = await aCheckedAccount();
    await sent(alice, 10);
    daysFromNow(1);
    expect(await sending(alice)).toMatchObject({ daily_recipients: 12, used: 0 });
    daysFromNow(14);
    expect((await sending(alice)).daily_recipients).toBe(100);
    await sent(alice, 100);
    expect(await problemAt(post(alice, 1))).toBe("sending_limit");
  });

  it("does not count recipients in the sender's own domain", async () => {
    limited(100);
    const domain = await aDomain();
    const alice = await aCheckedAccount(domain, "alice");
    const colleagues = Array.from({ length: 30 }, (_, i) => ({ email: `r${i}@${domain}` }));
    await sent(alice, 10, { to: colleagues });
    await sent(alice, 0, { to: colleagues });
    expect((await sending(alice)).used).toBe(10);
  });

  it("counts what leaves lists and what confirms that mail was read: whom it goes to is a stranger's word", async () => {
    limited(10);
    env.RELAY_URL = "smtp://127.0.0.1:9";
    const alice = await aCheckedAccount();
    const wishes = [
      "List-Unsubscribe: <mailto:r1@far.example?body=buy>\r\n",
      "Disposition-Notification-To: r2@far.example\r\n",
    ];
    for (const extra of wishes) await ingest("zoe@far.example", alice.email, aLetter({ to: alice.email, extra }));
    const [receipt, list] = (await alice.messages()).map(({ id }) => id);
    const ask = (path: string) => alice.call("POST", `/messages/${path}`);
    expect((await ask(`${list}/unsubscribe`)).status).toBe(200);
    expect(await sending(alice)).toMatchObject({ daily_recipients: 1, used: 1 });
    const before = await storedBytes(alice);
    expect(await problemOf(ask(`${receipt}/read-receipt`))).toMatchObject({ reason: "sending_limit" });
    expect(await storedBytes(alice)).toEqual(before);
    daysFromNow(1);
    expect((await ask(`${receipt}/read-receipt`)).status).toBe(202);
    expect((await sending(alice)).used).toBe(1);
  });

  it("lets no two requests at once have the last of it", async () => {
    limited(100);
    const alice = await aCheckedAccount();
    await ok(setSending(alice, { daily_recipients: 25 }), Sending);
    const answers = await Promise.all(Array.from({ length: 300 }, () => post(alice, 1)));
    const statuses = Map.groupBy(answers, ({ status }) => status);
    expect([statuses.get(202)?.length, statuses.get(429)?.length]).toEqual([25, 275]);
    expect(await sending(alice)).toMatchObject({ used: 25, daily_recipients: 25 });
    expect(await storedBytes(alice)).toHaveLength(25);
  });

  it("counts a repeated request once, and a message that was taken back not at all", async () => {
    limited(100);
    const alice = await aCheckedAccount();
    const key = { "idempotency-key": "k-1" };
    const message = { bcc: strangers(4), undo_seconds: 60 };
    const [first] = await Promise.all(
      [1, 2, 3].map(() => ok(alice.call("POST", "/messages", message, key), Sent, 202)),
    );
    expect((await sending(alice)).used).toBe(4);
    await done(alice.call("DELETE", `/submissions/${first?.submission_id}`));
    expect((await sending(alice)).used).toBe(0);
    await sent(alice, 10);
  });

  it("counts a scheduled message on the day it is accepted", async () => {
    limited(100);
    const alice = await aCheckedAccount();
    await sent(alice, 10, { send_at: new Date(Date.now() + 3 * DAY).toISOString() });
    expect(await problemAt(post(alice, 1))).toBe("sending_limit");
    daysFromNow(3);
    expect((await sending(alice)).used).toBe(0);
  });

  it("is what an operator gives the account, whatever its age, and 0 takes that back", async () => {
    limited(100);
    const alice = await aCheckedAccount();
    expect(await ok(setSending(alice, { daily_recipients: 60 }), Sending)).toMatchObject({ daily_recipients: 60 });
    await sent(alice, 60);
    expect(await ok(setSending(alice, { daily_recipients: 0 }), Sending)).toMatchObject({ daily_recipients: 10 });
    expect(await problemAt(setSending(alice, {}))).toMatch("bad_request");
    expect(await problemAt(setSending(alice, { daily_recipients: -1 }))).toBe("bad_request body.daily_recipients");
    const nobody = `nobody@${alice.email.split("@")[1]}`;
    expect(await problemAt(asAdmin("PUT", `/accounts/${nobody}/sending`, { is_stopped: true }))).toBe("not_found");
    const asOwner = alice.call("PUT", `/admin/accounts/${alice.email}/sending`, { daily_recipients: 9999 });
    expect(await problemAt(asOwner)).toBe("unauthenticated");
  });

  it("is none where the deployment has none", async () => {
    limited(0);
    const alice = await aCheckedAccount();
    await sent(alice, 400);
    expect(await sending(alice)).toMatchObject({ daily_recipients: null, used: 400 });
  });
});

describe("a new domain", () => {
  it("has one limit for all its accounts, and what is refused is given back", async () => {
    limited(40);
    const domain = await aDomain();
    const [alice, bob] = [await aCheckedAccount(domain, "alice"), await aCheckedAccount(domain, "bob")];
    for (const account of [alice, bob]) await ok(setSending(account, { daily_recipients: 35 }), Sending);
    await sent(alice, 30);
    // Over the account's own limit: the domain's ten that are left are still there afterwards.
    expect(await problemAt(post(alice, 6))).toBe("sending_limit");
    const refused = await problemOf(post(bob, 11));
    expect(refused.detail).toMatch(/domain d\S+ is new.* 40 recipients elsewhere today; 30 were written to.* has 11/);
    await sent(bob, 10);
    expect(await problemAt(post(bob, 1))).toBe("sending_limit");
    daysFromNow(14);
    await sent(bob, 35);
  });
});
