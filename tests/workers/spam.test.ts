/** Mail that its owner calls junk, mail like it, and why. */
import { runDurableObjectAlarm } from "cloudflare:test";
import { eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { MessageSummary, Sent } from "../../contract/messages.ts";
import { SpamVerdict } from "../../contract/spam.ts";
import { learnDue } from "../../durable-objects/mailbox/spam-lessons.ts";
import { classifier_page, message, sender_reputation, spam_training } from "../../schema/mailbox/tables.ts";
import { ok, problemAt } from "./api-answers.ts";
import { by, FAILS, PASSES } from "./gateway-says.ts";
import { mailboxOf } from "./mailbox-inside.ts";
import { type Account, aLetter, anAccount, eventually, ingest } from "./mesh.ts";

let count = 0;
/** A kind of mail, each message with words of its own. */
const offer = (from = "Shop <shop@offers.example>") =>
  aLetter({
    from,
    subject: `Rolex replica ${++count}`,
    body: `Order replica watches today, number ${count}. http://offers.example/${count}`,
  });

const moveTo = async (account: Account, role: "junk" | "inbox" | "archive" | "trash", ids: string[]) => {
  const { id } = await account.folder(role);
  return ok(account.call("POST", "/messages/batch", { ids, folder_ids: [id] }), z.unknown());
};

async function receive(
  account: Account,
  raw: string,
  role: "inbox" | "junk" = "inbox",
  found: Record<string, string> = {},
): Promise<string> {
  const before = new Set((await account.messages(role)).map(({ id }) => id));
  await ingest("shop@offers.example", account.email, raw, found);
  const come = (await account.messages(role)).find(({ id }) => !before.has(id));
  if (come === undefined) throw new Error(`it is not in ${role}`);
  return come.id;
}

const learnt = (account: Account) => eventually(async () => (await lessons(account)).length === 0);
const lessons = (account: Account) => mailboxOf(account, ({ db }) => db.select().from(spam_training).all());
const verdict = (account: Account, id: string) => ok(account.call("GET", `/messages/${id}/spam`), SpamVerdict);
const names = ({ tests }: SpamVerdict) => tests.map(({ name }) => name);

async function annoyed(offers = 4): Promise<{ alice: Account; ids: string[] }> {
  const alice = await anAccount();
  const ids: string[] = [];
  for (let n = 0; n < offers; n++) ids.push(await receive(alice, offer()));
  await moveTo(alice, "junk", ids);
  await learnt(alice);
  return { alice, ids };
}

const html = (subject: string, body: string) =>
  aLetter({ subject, body, extra: "MIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n" });

describe("a mailbox", () => {
  it.each([
    [
      "a receipt",
      html(
        "Your order has shipped!",
        `<p>Your order #1 for $49.99 has shipped. <a href="https://shop.example/1">Track it here</a>. Free returns within 30 days.</p>`,
      ),
    ],
    [
      "a new password",
      html(
        "Reset your password",
        `<p>Click <a href="https://app.example/r?t=1">here</a> to reset your password. If you did not ask for it, ignore this mail.</p>`,
      ),
    ],
    ["a line of HTML", html("Hi", "<p>Hello</p>")],
    [
      "a digest",
      html(
        "Weekly digest: 5 articles for you",
        `<table width=600><tr><td bgcolor=#eee><h1>Digest</h1>Read our top stories<img src="https://news.example/i.png"></td></tr></table>`,
      ),
    ],
  ])("that was never taught does not take %s for junk", async (_what, letter) => {
    const alice = await anAccount();
    const why = await verdict(alice, await receive(alice, letter));
    expect(why.is_spam).toBe(false);
  });

  it("puts mail into junk that is like what its owner put there", async () => {
    const { alice } = await annoyed();
    const id = await receive(alice, offer(), "junk");
    const why = await verdict(alice, id);
    expect(why).toMatchObject({ is_spam: true, threshold: 5 });
    expect(names(why)).toEqual(expect.arrayContaining(["classifier", "domain_reputation"]));
    expect(why.score).toBeCloseTo(
      why.tests.reduce((sum, { weight }) => sum + weight, 0),
      1,
    );
    // Other mail is what it was.
    await receive(alice, aLetter());
  });

  it("learns the contrary when its owner moves it back", async () => {
    const { alice, ids } = await annoyed();
    await moveTo(alice, "inbox", ids);
    await learnt(alice);
    await receive(alice, offer(), "inbox");
    const kinds = await mailboxOf(alice, ({ db }) => db.select({ as: message.learnt_as }).from(message).all());
    expect(kinds.map(({ as }) => as).filter((as) => as !== null)).toEqual(["ham", "ham", "ham", "ham"]);
    const domains = await mailboxOf(alice, ({ db }) => db.select().from(sender_reputation).all());
    expect(domains).toMatchObject([{ domain: "unverified offers.example", ham: 4, spam: 0 }]);
  });

  it("does not hold against a domain what comes in its name and is not verified", async () => {
    const alice = await anAccount();
    const ids: string[] = [];
    for (let n = 0; n < 4; n++) ids.push(await receive(alice, offer("zoe@far.example"), "inbox", by(FAILS("none"))));
    await moveTo(alice, "junk", ids);
    await learnt(alice);
    const real = await receive(alice, aLetter(), "inbox", by(PASSES));
    expect(names(await verdict(alice, real))).not.toContain("domain_reputation");
    const like = await verdict(alice, await receive(alice, aLetter(), "inbox", by(FAILS("none"))));
    expect(like.tests).toContainEqual(expect.objectContaining({ name: "domain_reputation", weight: 2.2 }));
  });

  it("holds against a domain what is verified, and against what comes in its name as well", async () => {
    const alice = await anAccount();
    const ids: string[] = [];
    for (let n = 0; n < 4; n++) ids.push(await receive(alice, offer("zoe@far.example"), "inbox", by(PASSES)));
    await moveTo(alice, "junk", ids);
    await learnt(alice);
    for (const found of [PASSES, FAILS("none")]) {
      const why = await verdict(alice, await receive(alice, aLetter(), "inbox", by(found)));
      expect(why.tests).toContainEqual(expect.objectContaining({ name: "domain_reputation", weight: 2.2 }));
    }
  });

  it("knows nothing of what another one was taught", async () => {
    await annoyed();
    await receive(await anAccount(), offer(), "inbox");
  });

  it("does not learn that junk was none when it is thrown away", async () => {
    const { alice, ids } = await annoyed(1);
    await moveTo(alice, "trash", ids);
    expect(await lessons(alice)).toEqual([]);
  });

  it("learns that what is answered is no junk", async () => {
    const alice = await anAccount();
    const id = await receive(alice, offer());
    const answer = { to: [{ email: "shop@offers.example" }], subject: "Re", in_reply_to: id };
    await ok(alice.call("POST", "/messages", answer), Sent, 202);
    await learnt(alice);
    const row = await mailboxOf(alice, ({ db }) => db.select({ as: message.learnt_as }).from(message).all());
    expect(row.map(({ as }) => as)).toContain("ham");
  });

  it("lets in mail of people its owner has written to, whatever it reads like", async () => {
    const { alice } = await annoyed();
    await ok(alice.call("POST", "/messages", { to: [{ email: "zoe@far.example" }], subject: "Hi" }), Sent, 202);
    const id = await receive(alice, offer("Zoe <ZOE@far.example>"), "inbox");
    const why = await verdict(alice, id);
    expect(names(why)).toContain("correspondent");
    expect(why.is_spam).toBe(false);
  });

  it("takes the test line of spam filters for what it is", async () => {
    const alice = await anAccount();
    const line = ["XJS*C4JDBQADN1.NSBN3*2IDNEN*", "GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X"].join("");
    const id = await receive(alice, aLetter({ body: line }), "junk");
    expect(names(await verdict(alice, id))).toContain("gtube");
  });
});

describe("a lesson", () => {
  it("is learnt once, however often it is given, and not at all when it was taken back before", async () => {
    const alice = await anAccount();
    const id = await receive(alice, offer());
    // Three moves before the alarm: the last one holds.
    for (const role of ["junk", "inbox", "junk"] as const) await moveTo(alice, role, [id]);
    await learnt(alice);
    await mailboxOf(alice, async (box, _storage, env) => {
      const state = () => box.db.select().from(classifier_page).where(eq(classifier_page.page, 0)).get()?.cells;
      const before = state();
      expect([...(before ?? [])]).toEqual([0, 0, 0, 0, 1, 0, 0, 0]);
      const [row] = box.db.select().from(message).all();
      box.db
        .insert(spam_training)
        .values({ message_id: row?.id ?? 0, is_spam: true })
        .run();
      await learnDue(box, env, Date.now());
      expect(state()).toEqual(before);
      expect(box.db.select().from(spam_training).all()).toEqual([]);
    });
  });

  it("waits where the storage does not answer, and is learnt when it does", async () => {
    const alice = await anAccount();
    await receive(alice, offer());
    await mailboxOf(alice, async (box, _storage, env) => {
      const row = box.db.select().from(message).get();
      box.db
        .insert(spam_training)
        .values({ message_id: row?.id ?? 0, is_spam: true })
        .run();
      const broken = { ...env, MAIL: { get: () => Promise.reject(new Error("R2 is away")) } as unknown as R2Bucket };
      await expect(learnDue(box, broken, Date.now())).rejects.toThrow("R2 is away");
      expect(box.db.select().from(spam_training).all()).toHaveLength(1);
      expect(box.db.select().from(classifier_page).all()).toEqual([]);
    });
    // A crash between the queueing and the learning leaves just this.
    await eventually(async () => {
      await runDurableObjectAlarm(alice.stub);
      return (await lessons(alice)).length === 0;
    });
    const row = await mailboxOf(alice, ({ db }) => db.select({ as: message.learnt_as }).from(message).get());
    expect(row).toEqual({ as: "spam" });
  });

  it("of a message that is gone is none", async () => {
    const alice = await anAccount();
    await mailboxOf(alice, async (box, _storage, env) => {
      box.db.insert(spam_training).values({ message_id: 12_345, is_spam: true }).run();
      await learnDue(box, env, Date.now());
      expect(box.db.select().from(spam_training).all()).toEqual([]);
    });
  });
});

describe("why", () => {
  it("is not told of another account's message, nor of what is none", async () => {
    const [alice, bob] = [await anAccount(), await anAccount()];
    const id = await receive(alice, aLetter());
    expect(await problemAt(bob.call("GET", `/messages/${id}/spam`))).toBe("not_found");
    expect(await problemAt(alice.call("GET", "/messages/nonsense/spam"))).toBe("not_found");
  });

  it("is nothing for what the owner wrote", async () => {
    const alice = await anAccount();
    const draft = await ok(alice.call("POST", "/drafts", { subject: "Viagra" }), MessageSummary, 201);
    expect(await verdict(alice, draft.id)).toEqual({ score: 0, threshold: 5, is_spam: false, tests: [] });
  });
});
