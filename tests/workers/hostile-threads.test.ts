/** What one message may make a mailbox do, however many others were sent before to prepare it. */
import { expect, it } from "vitest";
import { MAX_LISTED_RECIPIENTS } from "../../contract/limits.ts";
import { MessagePage } from "../../contract/messages.ts";
import { ok } from "./api-answers.ts";
import { aCheckedAccount } from "./mailbox-invariants.ts";
import { deliverMany } from "./many-letters.ts";
import { type Account, aLetter, ingest, lines } from "./mesh.ts";

const WITH_BYTES = { withBytes: true };
const answering = (...ids: string[]): string =>
  lines(`In-Reply-To: <${ids.at(-1)}>`, `References: ${ids.map((id) => `<${id}>`).join(" ")}`);

async function received(account: Account, fields: Parameters<typeof aLetter>[0]) {
  await ingest("zoe@far.example", account.email, aLetter({ to: account.email, ...fields }));
  const [newest] = await account.messages();
  if (newest === undefined) throw new Error("nothing came");
  return newest;
}

it("a message takes over two hundred others at most, from however many conversations", async () => {
  const alice = await aCheckedAccount();
  const ids = ["a@x", "b@x", "c@x"];
  // Three conversations of 110: with one of them it took over so many that it leaves the other.
  const letter = (n: number) => (n < 3 ? { id: ids[n] ?? "" } : { extra: answering(ids[n % 3] ?? "") });
  await deliverMany(alice, 330, (n) => ({ to: alice.email, subject: "Offer", ...letter(n) }), WITH_BYTES);
  const { thread_id } = await received(alice, { subject: "Re: Offer", extra: answering(...ids) });
  const { id } = await alice.folder("all");
  const { messages } = await ok(alice.call("GET", `/folders/${id}/messages?collapse=thread`), MessagePage);
  expect([messages.length, messages[0]?.thread_id]).toEqual([2, thread_id]);
});

it("a subject of a thousand words finds its conversation by both of its ends", async () => {
  const alice = await aCheckedAccount();
  const words = (last: string) => `${"the ".repeat(900)}${last}`;
  const first = await received(alice, { subject: words("first") });
  const second = await received(alice, { subject: words("second") });
  const answers = [
    await received(alice, { subject: `Re: ${words("first")}` }),
    await received(alice, { subject: `Re: ${words("second")}` }),
  ];
  expect(answers.map(({ thread_id }) => thread_id)).toEqual([first.thread_id, second.thread_id]);
});

it("a mailing's thousands of recipients are shown as the first few, and have no part in its conversation", async () => {
  const alice = await aCheckedAccount();
  const crowd = Array.from({ length: 1500 }, (_, n) => `Person ${n} <person${n}@far.example>`);
  const mailing = await received(alice, { to: crowd.join(",\r\n "), id: "m@x", subject: "News" });
  expect(mailing.to).toHaveLength(MAX_LISTED_RECIPIENTS);
  expect(mailing.to[19]).toEqual({ name: "Person 19", email: "person19@far.example" });
  expect((await alice.open(mailing.id)).to).toHaveLength(1500);
  const one = await received(alice, { from: "person7@far.example", subject: "Re: News", extra: answering("m@x") });
  expect(one.thread_id).not.toBe(mailing.thread_id);
  const author = await received(alice, { subject: "Re: News", extra: answering("m@x") });
  expect(author.thread_id).toBe(mailing.thread_id);
});

it("the same to one +tag after the other is one message, whose row does not grow for ever", async () => {
  const alice = await aCheckedAccount();
  const letter = aLetter();
  const tagged = (n: number) => alice.email.replace("@", `+tag${n}@`);
  for (let n = 0; n < 200; n += 50) {
    await ingest(
      "zoe@far.example",
      Array.from({ length: 50 }, (_, i) => tagged(n + i)),
      letter,
    );
  }
  const [only, other] = await alice.messages();
  expect(other).toBeUndefined();
  expect((await alice.open(only?.id ?? "")).delivered_to).toHaveLength(100);
});
