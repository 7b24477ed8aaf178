/** What the reader of a message is told before believing it: through the door, with what this mailbox knows. */
import { describe, expect, it } from "vitest";
import { IngestReply } from "../../contract/ingest.ts";
import { short } from "./answers.ts";
import { done } from "./api-answers.ts";
import { type Account, aDomain, aLetter, anAccount, fetchMesh, INGEST_SECRET } from "./mesh.ts";

/** As the gateway hands it over: with what it found out about the sender. */
async function deliver(account: Account, raw: string, verdict: "pass" | "fail" | "none" = "pass"): Promise<void> {
  const domain = /^From: .*@([^>\s]+)>?\r$/m.exec(raw)?.[1] ?? "far.example";
  const query = new URLSearchParams({ from: "bounce@far.example", to: account.email });
  const answer = await fetchMesh(`/ingest?${query}`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${INGEST_SECRET}`,
      "authentication-results": `mx.test; dmarc=${verdict} header.from=${domain} policy.dmarc=none`,
    },
    body: raw,
  });
  expect(short(IngestReply.parse(await answer.json()).recipients)).toEqual(["accepted"]);
}

/** The reasons, each with its subject. */
async function told(account: Account, raw: string, verdict?: "pass" | "fail" | "none"): Promise<string[]> {
  await deliver(account, raw, verdict);
  const subject = /^Subject: (.*)\r$/m.exec(raw)?.[1];
  const all = [...(await account.messages()), ...(await account.messages("junk"))];
  const found = all.find((message) => message.subject === subject);
  const { warnings } = await account.open(found?.id ?? "");
  for (const { words } of warnings) expect(words).toMatch(/\.$/);
  return warnings
    .filter(({ reason }) => reason !== "sender_forged")
    .map((warning) => `${warning.reason} ${warning.subject}`);
}

const from = (who: string, more: Parameters<typeof aLetter>[0] = {}) =>
  aLetter({ from: who, subject: crypto.randomUUID(), ...more });

/** Somebody who has written to these people. */
async function acquainted(...people: { name: string; email: string }[]): Promise<Account> {
  const alice = await anAccount(await aDomain());
  for (const to of people) {
    await done(
      alice
        .call("POST", "/messages", { to: [to], subject: "Hello", body: "Hi" })
        .then((it) => new Response(null, { status: it.status })),
      202,
    );
  }
  return alice;
}

const LEAVE = "List-Unsubscribe: <mailto:x@firm.example>\r\n";
const JANE = { name: "Jane Doe", email: "jane@partner-firm.example" };

describe("a name", () => {
  it("that somebody known has, from another address", async () => {
    const alice = await acquainted(JANE);
    expect(await told(alice, from("Jane Doe <ceo@elsewhere.example>"))).toEqual([
      "imitates_contact ceo@elsewhere.example",
    ]);
    expect(await told(alice, from('"Doe, Jane" <x@elsewhere.example>'))).toEqual([
      "imitates_contact x@elsewhere.example",
    ]);
    expect(await told(alice, from("=?utf-8?B?SmFuZSBEzr9l?= <x@elsewhere.example>"))).toEqual([
      "imitates_contact x@elsewhere.example",
    ]);
  });

  it("of somebody known is no imitation from the known address, or a colleague's", async () => {
    const alice = await acquainted(JANE);
    expect(await told(alice, from("Jane Doe <jane@partner-firm.example>"))).toEqual([]);
    expect(await told(alice, from("Jane Doe <JANE@Partner-Firm.example>"), "none")).toEqual([]);
    expect(await told(alice, from("Jane Doe <jane.doe@partner-firm.example>"))).toEqual([]);
    expect(await told(alice, from("Jane Doe via dev <dev@lists.example>"))).toEqual([]);
    expect(await told(alice, from("Jane Doe <notifications@github.com>"))).toEqual([]);
    expect(await told(alice, from("Jane <jane@elsewhere.example>"))).toEqual([]);
  });

  it("of somebody known, who answers from another address of her own", async () => {
    const alice = await acquainted(JANE);
    const [sent] = await alice.messages("sent");
    const { headers } = await alice.open(sent?.id ?? "");
    const answer = (who: string) => from(who, { extra: `In-Reply-To: <${headers.message_id}>\r\n` });
    expect(await told(alice, answer("Jane Doe <jane.doe@gmail.com>"))).toEqual([]);
    expect(await told(alice, answer("Jane Doe <info@school.example>"))).toEqual([
      "imitates_contact info@school.example",
    ]);
  });

  it("that is an address, or has the own domain in it", async () => {
    const alice = await acquainted(JANE);
    const domain = alice.email.split("@")[1] ?? "";
    expect(await told(alice, from('"billing@bank.example" <x@elsewhere.example>'))).toEqual([
      "imitates_contact x@elsewhere.example",
    ]);
    expect(await told(alice, from(`"${alice.email}" <x@elsewhere.example>`))).toEqual([
      "imitates_own_domain x@elsewhere.example",
    ]);
    expect(await told(alice, from(`"${domain} helpdesk" <x@elsewhere.example>`))).toEqual([
      "imitates_own_domain x@elsewhere.example",
    ]);
    expect(await told(alice, from(`"bob@${domain}" <bob@${domain}>`))).toEqual([]);
    expect(await told(alice, from('"x@mail.elsewhere.example" <x@elsewhere.example>'))).toEqual([]);
  });

  it.each([
    ["wide letters", (own: string) => own.replace(/^./, (first) => String.fromCharCode(first.charCodeAt(0) + 0xfee0))],
    ["a character in it that nobody sees", (own: string) => `${own.slice(0, 2)}\u200b${own.slice(2)}`],
    ["a letter of another script", (own: string) => own.replace("e", "\u0435")],
    ["an address with a wide sign", (own: string) => `it\uff20${own}`],
  ])("that has the own domain in it, with %s", async (_what, disguised) => {
    const alice = await acquainted();
    const name = `=?utf-8?B?${Buffer.from(`${disguised(alice.email.split("@")[1] ?? "")} helpdesk`).toString("base64")}?=`;
    expect(await told(alice, from(`${name} <x@elsewhere.example>`))).toEqual([
      "imitates_own_domain x@elsewhere.example",
    ]);
  });

  it("means nothing to another mailbox", async () => {
    const bob = await anAccount();
    expect(await told(bob, from("Jane Doe <ceo@elsewhere.example>"))).toEqual([]);
  });
});

describe("a domain that looks like", () => {
  it.each([
    ["that of somebody known", "partner-f1rm.example"],
    ["it, with a letter more", "partnerr-firm.example"],
    ["it, with two letters changed about", "partner-frim.example"],
    ["it, in another script", "xn--prtner-firm-yij.example"],
    ["it, in front of another", "partner-firm.example.evil.example"],
  ])("%s", async (_what, domain) => {
    const alice = await acquainted(JANE);
    expect(await told(alice, from(`Sales <x@${domain}>`))).toEqual([`look_alike_domain ${domain}`]);
  });

  it("the own one, in From, in Reply-To and in a link", async () => {
    const alice = await acquainted();
    const domain = alice.email.split("@")[1] ?? "";
    const like = domain.replace("d", "dd");
    expect(await told(alice, from(`IT <it@${like}>`))).toEqual([`look_alike_domain ${like}`]);
    expect(await told(alice, from("IT <it@far.example>", { extra: `Reply-To: it@${like}\r\n` }))).toEqual([
      `look_alike_domain ${like}`,
    ]);
    const html = `Content-Type: text/html\r\n`;
    expect(
      await told(alice, from("IT <it@far.example>", { extra: html, body: `<a href="https://${like}/x">Log in</a>` })),
    ).toEqual([`look_alike_domain ${like}`]);
    expect(await told(alice, from(`IT <it@mail.${domain}>`))).toEqual([]);
  });

  it("the own one, or that of somebody known, behind others", async () => {
    const alice = await acquainted(JANE, { name: "", email: `x@aaa.example` });
    const own = alice.email.split("@")[1] ?? "";
    const likes = [own.replace("d", "dd"), "partner-f1rm.example"];
    for (const like of likes) {
      const decoys = Array.from({ length: 60 }, (_, n) => `<a href="https://decoy${n}.example"></a>`).join("");
      const body = `${decoys}<a href="https://${like}/x">Log in</a>`;
      expect(await told(alice, from("IT <it@far.example>", { extra: "Content-Type: text/html\r\n", body }))).toEqual([
        `look_alike_domain ${like}`,
      ]);
      const extra = `Reply-To: it@far.example, b@far.example, it@${like}\r\n`;
      expect(await told(alice, from("IT <it@far.example>", { extra }))).toEqual([`look_alike_domain ${like}`]);
    }
  });

  it("that of somebody known, beside one of whom many are known", async () => {
    const many = Array.from({ length: 25 }, (_, n) => ({ name: "", email: `x${n}@aaa-firm.example` }));
    const alice = await acquainted(...many.slice(0, 1), JANE);
    await done(
      alice
        .call("POST", "/messages", { to: many, subject: "Hello", body: "Hi" })
        .then((it) => new Response(null, { status: it.status })),
      202,
    );
    const body = '<a href="https://aaa-firm.example">x</a><a href="https://partner-f1rm.example">Log in</a>';
    expect(await told(alice, from("IT <it@far.example>", { extra: "Content-Type: text/html\r\n", body }))).toEqual([
      "look_alike_domain partner-f1rm.example",
    ]);
  });

  it.each(["paypa1.com", "paypal.com.account.example", "xn--pypal-4ve.com", "paypal-login.com", "rnicrosoft.com"])(
    "one that everybody knows: %s",
    async (domain) => {
      const alice = await anAccount();
      expect(await told(alice, from(`Service <x@${domain}>`))).toEqual([`look_alike_domain ${domain}`]);
    },
  );

  it("nothing else", async () => {
    const alice = await acquainted(JANE);
    for (const domain of [
      "partner-firm.example",
      "mail.partner-firm.example",
      "parent-fair.example",
      "paypal.com",
      "gmail.com",
    ])
      expect(await told(alice, from(`Service <x@${domain}>`))).toEqual([]);
  });
});

describe("words and links", () => {
  const page = (body: string, who = "Shop <x@shop.example>", extra = "") =>
    from(who, { extra: `Content-Type: text/html\r\n${extra}`, body });

  it.each([
    ['<a href="https://evil.example/">https://www.bank.com/login</a>', "misleading_link evil.example"],
    ['<a href="http://203.0.113.7/">www.bank.com</a>', "misleading_link 203.0.113.7"],
    ['<a href="https://evil.example/">&#8238;moc.knab.www</a>', "misleading_link evil.example"],
    ["<form action='https://evil.example'><input name=card></form>", "form null"],
    ["<script>alert(1)</script>", "script null"],
    ["<img src=x onerror=alert(1)>", "script null"],
    ["<a href='java\tscript:alert(1)'>x</a>", "script null"],
  ])("%s", async (html, warning) => {
    const alice = await anAccount();
    expect(await told(alice, page(html))).toEqual([warning]);
  });

  it("of an honest mailing are not warned about", async () => {
    const alice = await anAccount();
    const counted = [1, 2, 3]
      .map((n) => `<a href="https://click.mailer.example/${n}">www.news${n}.example</a>`)
      .join(" ");
    const mailing = () => page(counted, "News <n@news.example>", LEAVE);
    expect(await told(alice, mailing())).toEqual([]);
    // As anybody's is that says so, and nobody stands behind it.
    expect(await told(alice, mailing(), "none")).toEqual(Array(3).fill("misleading_link click.mailer.example"));
    expect(await told(alice, page('<a href="https://c.mailer.example/1">www.shop.example</a>'))).toEqual([]);
    expect(await told(alice, page('<script type="application/ld+json">{}</script><p>Your flight</p>'))).toEqual([]);
  });
});

describe("an answer that would go elsewhere", () => {
  const answers = (who: string, to: string, more = "") => from(who, { extra: `Reply-To: ${to}\r\n${more}` });

  it("is told of where a firm wants it at a free mail service", async () => {
    const alice = await anAccount();
    const letter = answers("Director <info@firm.example>", "director77@gmail.com");
    expect(await told(alice, letter)).toEqual(["reply_to_elsewhere director77@gmail.com"]);
    const among = answers("Director <info@firm.example>", "a@other.example, info@firm.example, director77@gmail.com");
    expect(await told(alice, among)).toEqual(["reply_to_elsewhere director77@gmail.com"]);
  });

  it("is told of a mailing that nobody stands behind: anybody can write that his is one", async () => {
    const alice = await anAccount();
    const letter = () => answers("Director <info@firm.example>", "director77@gmail.com", LEAVE);
    expect(await told(alice, letter(), "none")).toEqual(["reply_to_elsewhere director77@gmail.com"]);
    expect(await told(alice, letter(), "fail")).toEqual(["reply_to_elsewhere director77@gmail.com"]);
    expect(await told(alice, letter(), "pass")).toEqual([]);
  });

  it("is not told of where lists, mailings and services do so", async () => {
    const alice = await anAccount();
    const list = "List-Id: <dev.lists.example>\r\n";
    for (const letter of [
      answers("Zoe <zoe@far.example>", "dev@lists.example", list),
      answers("News <news@firm.example>", "editor@gmail.com", LEAVE),
      answers("Calendar <calendar-notification@google.com>", "zoe@gmail.com"),
      answers("Shop <no-reply@shop.example>", "help@gmail.com"),
      answers("Zoe <zoe@gmail.com>", "zoe@yahoo.com"),
      answers("Firm <info@firm.example>", "sales@firm-mail.example"),
    ])
      expect(await told(alice, letter)).toEqual([]);
  });
});
