import fc from "fast-check";
import { beforeAll, expect, it } from "vitest";
import { SearchMessages } from "../../contract/search.ts";
import type { Mailbox } from "../../durable-objects/mailbox/mailbox-database.ts";
import { search } from "../../durable-objects/mailbox/search.ts";
import { aCorpusMailbox, type CorpusMailbox, ROLES } from "./corpus-mailbox.ts";
import {
  type Asked,
  all,
  answer,
  any,
  type Doc,
  type Field,
  filter,
  inFolder,
  not,
  words,
  wordsOf,
} from "./search-oracle.ts";

const NOW = Date.UTC(2026, 10, 25, 3);
const DAY = 24 * 3_600_000;

let mailbox: CorpusMailbox;
beforeAll(async () => {
  mailbox = await aCorpusMailbox(20, NOW);
}, 60_000);

const pick = <T>(items: readonly T[]): fc.Arbitrary<T> => fc.nat().map((n) => items[n % items.length] as T);
const aDoc = fc.nat().map((n) => mailbox.docs[n % mailbox.docs.length] as Doc);

/** A few words in a row of a text, or null where it has none that can be searched for. */
const piece = (text: string, at: number, count: number): string | null => {
  const said = text.split(/\s+/u).filter((word) => wordsOf(word).length > 0);
  const start = at % Math.max(1, said.length);
  return (
    said
      .slice(start, start + count)
      .join(" ")
      .replace(/["“”]/gu, " ")
      .slice(0, 60)
      .trim() || null
  );
};

const inText = fc.tuple(aDoc, fc.nat(), fc.integer({ min: 1, max: 3 })).map(([{ parsed }, at, count]) => {
  const said = piece(`${parsed.subject}\n${parsed.text}`, at, count);
  return said === null || wordsOf(said).length === 0 ? null : words(null, said);
});

const ofPeople = fc
  .tuple(aDoc, fc.constantFrom("from", "to", "cc", "bcc"), fc.nat(), fc.nat())
  .map(([{ parsed }, field, at, part]) => {
    const addresses = {
      from: [parsed.from],
      to: [...parsed.to, ...parsed.cc, ...parsed.bcc],
      cc: parsed.cc,
      bcc: parsed.bcc,
    };
    const some = addresses[field].flatMap((address) => address ?? []);
    const address = some[at % Math.max(1, some.length)];
    if (address === undefined) return null;
    const [local = "", domain = ""] = address.email.split("@");
    const said = [address.email, local, domain, address.name][part % 4]?.replace(/["“”]/gu, " ") ?? "";
    return wordsOf(said).length === 0 || said.length > 60 ? null : words(field, said);
  });

const inField = fc
  .tuple(aDoc, fc.constantFrom<Field>("subject", "filename", "list"), fc.nat())
  .map(([{ parsed }, field, at]) => {
    const names = parsed.attachments.map(({ filename }) => filename).join(" ");
    const said = piece(
      { subject: parsed.subject, filename: names, list: parsed.list_id ?? "" }[field as "list"],
      at,
      1,
    );
    return said === null || wordsOf(said).length === 0 ? null : words(field, said);
  });

const states: Asked[] = [
  filter("is:read", (doc) => doc.is_read),
  filter("is:unread", (doc) => !doc.is_read),
  filter("is:starred", (doc) => doc.is_flagged),
  filter("is:draft", () => false),
  filter("has:attachment", ({ parsed }) => parsed.attachments.some(({ disposition }) => disposition === "attachment")),
  filter("has:image", ({ parsed }) =>
    parsed.attachments.some(
      ({ disposition, content_type, filename }) =>
        disposition === "attachment" &&
        (/^image\//i.test(content_type) || /\.(jpe?g|png|gif|webp|heic|avif|svg|tiff?|bmp)$/i.test(filename)),
    ),
  ),
  ...ROLES.map((role) => inFolder(role, (doc) => doc.folders.includes(role))),
  inFolder("spam", (doc) => doc.folders.includes("junk")),
  inFolder("anywhere", () => true),
  inFolder("starred", (doc) => doc.is_flagged),
  inFolder("nowhere", () => false),
];

const ZONE = "America/New_York";
const dated = fc.tuple(aDoc, fc.boolean()).map(([doc, isAfter]) => {
  const format = new Intl.DateTimeFormat("sv-SE", { timeZone: ZONE });
  const day = format.format(doc.received);
  return isAfter
    ? filter(`after:${day}`, ({ received }) => format.format(received) >= day)
    : filter(`before:${day}`, ({ received }) => format.format(received) < day);
});
const aged = fc
  .tuple(fc.integer({ min: 0, max: 120 }), fc.boolean())
  .map(([days, isOlder]) =>
    isOlder
      ? filter(`older_than:${days}d`, ({ received }) => received < NOW - days * DAY)
      : filter(`newer_than:${days}d`, ({ received }) => received >= NOW - days * DAY),
  );
const sized = fc
  .tuple(aDoc, fc.constantFrom("larger", "smaller", "size"), fc.boolean())
  .map(([doc, operator, inKilobytes]) => {
    const bytes = inKilobytes ? Math.floor(doc.size / 1024) * 1024 : doc.size;
    const text = `${operator}:${inKilobytes ? `${bytes / 1024}k` : bytes}`;
    return filter(text, ({ size }) => (operator === "smaller" ? size < bytes : size > bytes));
  });
const named = aDoc.map(({ parsed: { message_id } }) =>
  message_id === null || /["“”]/u.test(message_id)
    ? null
    : filter(`rfc822msgid:"<${message_id}>"`, ({ parsed }) => parsed.message_id === message_id),
);

const addressed = fc
  .boolean()
  .map((isTagged) =>
    filter(
      `deliveredto:${isTagged ? mailbox.tagged : mailbox.account.email.toUpperCase()}`,
      (doc) => doc.isTagged === isTagged,
    ),
  );

const term = fc
  .oneof(
    { weight: 4, arbitrary: inText },
    { weight: 2, arbitrary: ofPeople },
    inField,
    pick(states),
    dated,
    aged,
    sized,
    named,
    addressed,
  )
  .filter((made) => made !== null);

const asked: fc.Arbitrary<Asked> = fc.letrec<{ asked: Asked }>((tie) => ({
  asked: fc.oneof(
    { maxDepth: 3, depthIdentifier: "asked" },
    term,
    tie("asked").map(not),
    fc.array(tie("asked"), { minLength: 2, maxLength: 3, depthIdentifier: "asked" }).map(all),
    fc
      .tuple(fc.array(tie("asked"), { minLength: 2, maxLength: 3, depthIdentifier: "asked" }), fc.boolean())
      .map(([parts, isBraced]) => any(parts, isBraced)),
  ),
})).asked;

/** All pages of the search. */
function found(box: Mailbox, text: string, prefix = false): { ids: string[]; isCut: boolean } {
  const ids: string[] = [];
  for (let cursor: string | undefined; ; ) {
    const request = SearchMessages.parse({ q: text, limit: 100, cursor, time_zone: ZONE, prefix: String(prefix) });
    const { page } = search(box, request, NOW);
    expect([text, page.taken_as_words]).toEqual([text, []]);
    ids.push(...page.messages.map(({ id }) => id));
    if (page.next_cursor === null) return { ids, isCut: page.is_prefix_cut };
    cursor = page.next_cursor;
  }
}

it("finds in real mail what looking at each message finds, for thousands of queries", async () => {
  let hits = 0;
  await mailbox.inside((box) =>
    fc.assert(
      fc.property(asked, (query) => {
        fc.pre(query.text.length <= 1000);
        const expected = answer(mailbox.docs, query);
        hits += expected.length;
        expect([query.text, found(box, query.text).ids]).toEqual([query.text, expected]);
      }),
      { numRuns: 2000, seed: 31 },
    ),
  );
  // Queries that find nothing would prove nothing.
  expect(hits).toBeGreaterThan(20_000);
});

it("finds in real mail what begins with the word that is being typed", async () => {
  const typed = fc
    .tuple(aDoc, fc.nat(), fc.integer({ min: 3, max: 6 }), fc.constantFrom<Field | null>(null, "subject"))
    .map(([{ parsed }, at, length, field]) => {
      const [word = ""] = wordsOf(piece(field === null ? parsed.text : parsed.subject, at, 1) ?? "");
      return /^[a-z]{3}/.test(word) ? words(field, word.slice(0, length), true) : null;
    });
  await mailbox.inside((box) =>
    fc.assert(
      fc.property(typed, (query) => {
        if (query === null) return;
        const { ids, isCut } = found(box, query.text, true);
        const expected = answer(mailbox.docs, query);
        if (isCut) expect(expected).toEqual(expect.arrayContaining(ids));
        else expect([query.text, ids]).toEqual([query.text, expected]);
      }),
      { numRuns: 500, seed: 32 },
    ),
  );
});
