import { describe, expect, it } from "vitest";
import { Folder } from "../../contract/folders.ts";
import { MessageSummary, Sent } from "../../contract/messages.ts";
import { SearchPage } from "../../contract/search.ts";
import { done, ok } from "./api-answers.ts";
import { aCheckedAccount } from "./mailbox-invariants.ts";
import { deliverMany } from "./many-letters.ts";
import { type Account, aLetter, ingest, lines } from "./mesh.ts";

/** By either way. */
async function search(account: Account, q: string, more = ""): Promise<SearchPage> {
  const query = `q=${encodeURIComponent(q)}${more}`;
  const page = await ok(account.call("GET", `/search?${query}`), SearchPage);
  const body = Object.fromEntries(new URLSearchParams(query));
  expect(await ok(account.call("POST", "/search", body), SearchPage)).toEqual(page);
  return page;
}

async function found(account: Account, q: string): Promise<string[]> {
  return (await search(account, q)).messages.map(({ subject }) => subject);
}

async function deliver(account: Account, fields: Parameters<typeof aLetter>[0]): Promise<MessageSummary> {
  await ingest("zoe@far.example", account.email, aLetter(fields));
  const [newest] = await account.messages();
  return MessageSummary.parse(newest);
}

/** Each query with the subjects that it finds, newest first. */
async function expectFound(account: Account, table: [query: string, ...subjects: string[]][]): Promise<void> {
  const actual: string[][] = [];
  for (const [query] of table) actual.push([query, ...(await found(account, query))]);
  expect(actual).toEqual(table);
}

const withAttachment = (name: string): string =>
  lines(
    "From: z@far.example",
    `Subject: with ${name}`,
    "Content-Type: multipart/mixed; boundary=c",
    "",
    ...["--c", "Content-Type: text/plain", "", "See the file.", "--c", "Content-Type: application/pdf"],
    ...[`Content-Disposition: attachment; filename="${name}"`, "", "%PDF", "--c--"],
  );

describe("search", () => {
  it("finds words, phrases and fields, newest first", async () => {
    const alice = await aCheckedAccount();
    await deliver(alice, {
      subject: "Boats",
      body: "The harbour master counts red boats.",
      from: "Hanna <hanna@sea.example>",
    });
    await deliver(alice, {
      subject: "Trains",
      body: "Red signals, and boats beside the rails.",
      to: "Rails Club <club@rail.example>",
    });
    await deliver(alice, {
      subject: "Café",
      body: "Über den Dächern. The master is away.",
      from: "Renée <renee@cafe.example>",
    });
    await expectFound(alice, [
      ["", "Café", "Trains", "Boats"],
      ["boats", "Trains", "Boats"],
      ["BOATS", "Trains", "Boats"],
      ["red boats", "Trains", "Boats"],
      ['"red boats"', "Boats"],
      ["from:hanna", "Boats"],
      ["from:sea.example", "Boats"],
      ["from:renee@cafe.example", "Café"],
      ["to:club", "Trains"],
      ["subject:boats", "Boats"],
      ["cafe", "Café"],
      ["CAFÉ", "Café"],
      ["cafe\u0301", "Café"],
      ["uber dachern", "Café"],
      ["renée", "Café"],
      ["master -café", "Boats"],
      ["harbour OR signals", "Trains", "Boats"],
      ["{harbour signals}", "Trains", "Boats"],
      ["(harbour OR away) master", "Café", "Boats"],
      ["-boats", "Café"],
      ["-subject:boats -subject:trains", "Café"],
      ["nowhere"],
      ["boats nowhere"],
    ]);
  });

  it("finds a part of a text without spaces: Chinese, Japanese, Korean, Thai", async () => {
    const alice = await aCheckedAccount();
    await deliver(alice, { subject: "zh", body: "我们明天在北京开会讨论合同。" });
    await deliver(alice, { subject: "ja", body: "請求書を添付しました。よろしくお願いします。" });
    await deliver(alice, { subject: "ko", body: "학교에서 만나요" });
    await deliver(alice, { subject: "th", body: "ขอบคุณสำหรับใบแจ้งหนี้" });
    await expectFound(alice, [
      ["北京", "zh"],
      ["合同", "zh"],
      ["京北"],
      ["請求書", "ja"],
      ["お願い", "ja"],
      ["학교", "ko"],
      ["ใบแจ้งหนี้", "th"],
      ["北京 OR 請求書", "ja", "zh"],
    ]);
  });

  it("looks at folders, states, attachments and dates", async () => {
    const alice = await aCheckedAccount();
    const work = await ok(alice.call("POST", "/folders", { name: "My Work" }), Folder, 201);
    const archive = await alice.folder("archive");
    const muted = await deliver(alice, { subject: "muted", body: "Quiet." });
    await done(alice.call("PATCH", `/threads/${muted.thread_id}`, { is_muted: true }));
    await alice.call("PATCH", `/messages/${muted.id}`, { folder_ids: [(await alice.folder("trash")).id] });
    const [a, b] = [await deliver(alice, { subject: "a" }), await deliver(alice, { subject: "b" })];
    await deliver(alice, { subject: "c" });
    await ingest("zoe@far.example", alice.email, withAttachment("bill.pdf"));
    await alice.call("PATCH", `/messages/${a.id}`, { folder_ids: [work.id, archive.id], is_read: true });
    await alice.call("PATCH", `/messages/${b.id}`, { is_flagged: true, is_read: true });
    await alice.call("POST", "/drafts", { subject: "d" });
    const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
    await expectFound(alice, [
      ["in:inbox", "with bill.pdf", "c", "b"],
      ['in:"my work"', "a"],
      ["in:archive", "a"],
      ["in:nowhere"],
      ["in:drafts", "d"],
      ["-in:inbox", "d", "a"],
      ["is:unread", "with bill.pdf", "c"],
      ["is:read", "d", "b", "a"],
      ["is:starred", "b"],
      ["is:flagged", "b"],
      ["is:draft", "d"],
      ["is:muted"],
      ["is:muted in:anywhere", "muted"],
      ["quiet is:muted in:trash", "muted"],
      ["in:anywhere -is:muted is:read", "d", "b", "a"],
      ["-is:read", "with bill.pdf", "c"],
      ["has:attachment", "with bill.pdf"],
      ["bill", "with bill.pdf"],
      ["file has:attachment in:inbox is:unread", "with bill.pdf"],
      [`after:${day(0)}`, "d", "with bill.pdf", "c", "b", "a"],
      [`after:${day(1)}`],
      [`before:${day(1)} in:inbox`, "with bill.pdf", "c", "b"],
      [`before:${day(0)}`],
      ["is:unread OR in:archive", "with bill.pdf", "c", "a"],
      ["morning -is:read", "c"],
    ]);
  });

  it("looks at every field of the language", async () => {
    const alice = await aCheckedAccount();
    await deliver(alice, { subject: "small", id: "One.Two+3@far.example", extra: lines("Cc: Cora <cora@cc.example>") });
    await deliver(alice, {
      subject: "big",
      body: "word ".repeat(2000),
      extra: lines("Bcc: Bea Low <bea@bcc.example>"),
    });
    await deliver(alice, { subject: "listed", extra: lines("List-Id: Developers <dev.lists.example.org>") });
    for (const name of ["Report.PDF", "photo of bob.jpeg", "numbers"]) {
      await ingest("zoe@far.example", alice.email, withAttachment(name));
    }
    const files = ["with numbers", "with photo of bob.jpeg", "with Report.PDF"];
    const letters = ["listed", "big", "small"];
    await expectFound(alice, [
      ["cc:cora", "small"],
      ["cc:cc.example", "small"],
      ["to:cora@cc.example", "small"],
      ["bcc:cora"],
      ['bcc:"bea low"', "big"],
      ["to:bea", "big"],
      ["cc:(nobody OR cora)", "small"],
      ["list:dev.lists.example.org", "listed"],
      ["list:lists", "listed"],
      ["list:dev -list:users", "listed"],
      ["filename:pdf", "with Report.PDF"],
      ["filename:report.pdf", "with Report.PDF"],
      ["filename:bob", "with photo of bob.jpeg"],
      ["filename:{report numbers}", "with numbers", "with Report.PDF"],
      ["has:image", "with photo of bob.jpeg"],
      ["has:pdf", ...files],
      ["has:pdf -has:image", "with numbers", "with Report.PDF"],
      ["has:spreadsheet"],
      ["larger:5k", "big"],
      ["size:5k has:attachment"],
      ["smaller:5k -has:attachment", "listed", "small"],
      ["larger:0 morning", "listed", "small"],
      ["-larger:0"],
      ["rfc822msgid:<One.Two+3@far.example>", "small"],
      ["rfc822msgid:One.Two+3@far.example in:inbox", "small"],
      ["rfc822msgid:one.two+3@far.example"],
      ["-rfc822msgid:One.Two+3@far.example subject:{small big}", "big"],
      ["newer_than:1d", ...files, ...letters],
      ["older_than:1d"],
      ["-older_than:1w larger:5k", "big"],
      ["newer_than:1y older_than:0d has:attachment", ...files],
    ]);
  });

  it("finds by Bcc what the owner sent so, and by its own address what came there", async () => {
    const alice = await aCheckedAccount();
    const carl = { name: "Carl Cold", email: "carl@far.example" };
    await ok(
      alice.call("POST", "/messages", { to: [{ email: "zoe@far.example" }], bcc: [carl], subject: "sent" }),
      Sent,
      202,
    );
    const tagged = alice.email.replace("@", "+shop@");
    await ingest("zoe@far.example", tagged, aLetter({ subject: "shop" }));
    await ingest("zoe@far.example", alice.email, aLetter({ subject: "plain" }));
    await expectFound(alice, [
      ["bcc:carl", "sent"],
      ["to:cold in:sent", "sent"],
      ["cc:carl"],
      [`deliveredto:${tagged}`, "shop"],
      [`-deliveredto:${tagged} morning`, "plain"],
      [`deliveredto:${alice.email.toUpperCase()}`, "plain"],
      ["deliveredto:alice"],
    ]);
  });

  it("begins days where the user is, and refuses a place that there is not", async () => {
    const alice = await aCheckedAccount();
    const now = Date.now();
    await deliver(alice, { subject: "now" });
    const zones = ["Pacific/Kiritimati", "Pacific/Pago_Pago", "UTC"];
    for (const zone of zones) {
      const today = new Intl.DateTimeFormat("sv-SE", { timeZone: zone }).format(now);
      const place = `&time_zone=${encodeURIComponent(zone)}`;
      expect((await search(alice, `after:${today}`, place)).messages).toHaveLength(1);
      expect((await search(alice, `before:${today}`, place)).messages).toHaveLength(0);
    }
    const answer = await alice.call("GET", "/search?q=a&time_zone=Mars/Olympus");
    expect([answer.status, await answer.json()]).toMatchObject([400, { issues: [{ at: "query.time_zone" }] }]);
  });

  it("leaves trash and junk out unless it is told to look there", async () => {
    const alice = await aCheckedAccount();
    const [kept, thrown, spam] = [
      await deliver(alice, { subject: "kept" }),
      await deliver(alice, { subject: "thrown" }),
      await deliver(alice, { subject: "spam" }),
    ];
    await done(alice.call("DELETE", `/messages/${thrown.id}`));
    await alice.call("PATCH", `/messages/${spam.id}`, { folder_ids: [(await alice.folder("junk")).id] });
    await expectFound(alice, [
      ["morning", "kept"],
      ["", "kept"],
      ["-in:inbox"],
      ["-in:archive", "kept"],
      ["in:trash", "thrown"],
      ["morning in:junk", "spam"],
      ["in:spam", "spam"],
      ["in:anywhere", "spam", "thrown", "kept"],
      ["morning in:anywhere", "spam", "thrown", "kept"],
    ]);
    await done(alice.call("DELETE", `/messages/${thrown.id}`));
    expect(await found(alice, "in:anywhere")).toEqual(["spam", "kept"]);
    expect(kept.subject).toBe("kept");
  });

  it("looks into every folder of a name, also when many have it and it is asked for often", async () => {
    const alice = await aCheckedAccount();
    const parents = await Promise.all(
      Array.from({ length: 150 }, (_, n) => ok(alice.call("POST", "/folders", { name: `p${n}` }), Folder, 201)),
    );
    const inner = await Promise.all(
      parents.map(({ id }) => ok(alice.call("POST", "/folders", { name: "Büro", parent_id: id }), Folder, 201)),
    );
    const { id } = await deliver(alice, { subject: "deep" });
    await alice.call("PATCH", `/messages/${id}`, { folder_ids: [inner.at(-1)?.id] });
    await expectFound(alice, [
      ["in:büro", "deep"],
      ["in:BU\u0308RO", "deep"],
      [Array.from({ length: 64 }, () => "in:büro").join(" OR "), "deep"],
      [Array.from({ length: 64 }, () => "in:büro").join(" "), "deep"],
    ]);
  });

  it("goes on by cursor without gaps or repeats, with words and without", async () => {
    const alice = await aCheckedAccount();
    await deliverMany(alice, 25, (n) => ({ subject: `letter ${n}`, body: n % 2 === 0 ? "even" : "odd" }), {
      withBytes: true,
    });
    for (const [q, wanted] of [
      ["even", 13],
      ["", 25],
      ["-odd", 13],
      ["is:unread", 25],
      ["in:inbox odd", 12],
    ] as const) {
      const shown: string[] = [];
      for (let cursor = ""; ; ) {
        const page = await search(alice, q, `&limit=6${cursor}`);
        shown.push(...page.messages.map(({ subject }) => subject));
        if (page.next_cursor === null) break;
        expect(page.messages).toHaveLength(6);
        cursor = `&cursor=${page.next_cursor}`;
      }
      const numbers = shown.map((subject) => Number(subject.slice(7)));
      expect(numbers).toHaveLength(wanted);
      expect(numbers).toEqual([...new Set(numbers)].sort((x, y) => y - x));
    }
  });
});
