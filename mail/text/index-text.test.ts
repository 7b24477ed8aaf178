import { DatabaseSync } from "node:sqlite";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { indexable, tokens, withoutDiacritics } from "./index-text.ts";

/** The table of the mailbox, with its words readable. */
function openIndex() {
  const db = new DatabaseSync(":memory:");
  db.exec(`
    CREATE VIRTUAL TABLE message USING fts5(body, tokenize = 'unicode61 remove_diacritics 2');
    CREATE VIRTUAL TABLE word USING fts5vocab(message, 'instance');
  `);
  const insert = db.prepare("INSERT INTO message (rowid, body) VALUES (1, ?)");
  const match = db.prepare("SELECT count(*) AS n FROM message WHERE message MATCH ?");
  const words = db.prepare("SELECT term FROM word ORDER BY offset");
  return {
    write(text: string) {
      db.exec("DELETE FROM message");
      insert.run(indexable(text));
    },
    finds(text: string) {
      return match.get(`"${tokens(text).join(" ")}"`)?.n === 1;
    },
    words: () => words.all().map((row) => String(row.term)),
  };
}

const index = openIndex();

describe("the index", () => {
  it.each([
    ["Straße", "STRASSE"],
    ["STRASSE", "straße"],
    ["Café", "cafe"],
    ["cafe\u0301", "CAFÉ"],
    ["İstanbul", "istanbul"],
    ["ΟΔΟΣ Ελλάδα", "οδός ΕΛΛΑΔΑ"],
    ["Ёлка", "елка"],
    ["ﬁle ½ ①", "file 1 2 1"],
    ["Ｆｕｌｌ　ｗｉｄｔｈ", "full width"],
    ["ｶﾞｷﾞ", "ガギ"],
    ["日本語の文章", "本語"],
    ["中文搜索测试", "搜索"],
    ["東京タワー", "タワー"],
    ["학교에서 만나요", "학교"],
    ["ภาษาไทยง่ายมาก", "ไทย"],
    ["ພາສາລາວ", "ລາວ"],
    ["ភាសាខ្មែរ", "ខ្មែរ"],
    ["မြန်မာဘာသာ", "ဘာသာ"],
    ["mixed日本text", "日本"],
    ["mixed日本text", "text"],
    ["𠮷野家", "𠮷野"],
    ["שָׁלוֹם עולם", "שלום"],
    ["مُحَمَّد", "محمد"],
    ["محـــمد", "محمد"],
    ["हिन्दी भाषा", "हिन्दी"],
    ["soft\u00adhyphen zero\u200bwidth", "softhyphen zerowidth"],
    ["party\u{1f973}time", "party"],
    ["alice@mesh.test", "mesh.test"],
    ["O’Brien", "o'brien"],
    ["snake_case-word", "case word"],
    ["a\u0000b", "a"],
    ["half \ud83d surrogate", "surrogate"],
  ])("of %j finds %j", (text, sought) => {
    index.write(text);
    expect(index.finds(sought)).toBe(true);
  });

  it.each([
    ["日本語", "本日"],
    ["中文", "文中"],
    ["한국어", "국한"],
    ["carpet", "car"],
    ["word", "\u{1f600}"],
  ])("of %j does not find %j", (text, sought) => {
    index.write(text);
    expect(index.finds(sought)).toBe(false);
  });

  const alphabets = [
    ..."abzABZ09 .,-_@'\"\n",
    ..."éÉñüßøłž",
    ..."αΣςάώ",
    ..."жЯёй",
    ..."日本語中文漢字かなカナー",
    ..."한국어",
    ..."ไทย",
    ..."שלו",
    ..."مرح",
    ..."हिन्",
    "\u0301",
    "\u{1f600}",
    "\u{1f973}",
    "\u200d",
    "𠮷",
    "ﬃ",
  ];
  const text = fc
    .array(fc.constantFrom(...alphabets), { minLength: 1, maxLength: 30 })
    .map((letters) => letters.join(""));

  it("has the words that tokens() says, up to diacritics", () => {
    const plain = (word: string) => word.normalize("NFD").replace(/[\u0300-\u036f]/g, "");
    fc.assert(
      fc.property(text, (body) => {
        index.write(body);
        expect(index.words().map(plain)).toEqual(tokens(body).map(plain));
      }),
      { numRuns: 1500, seed: 9 },
    );
  });

  it("has the words without the diacritics of Latin letters, as the tokenizer writes them", () => {
    fc.assert(
      fc.property(text, (body) => {
        index.write(body);
        expect(index.words()).toEqual(tokens(body).map(withoutDiacritics));
      }),
      { numRuns: 1500, seed: 14 },
    );
    const others: string[] = [];
    for (let code = 0x41; code < 0x2_0000; code++) {
      const letter = String.fromCodePoint(code);
      if (!/\p{Script=Latin}/u.test(letter)) continue;
      index.write(letter);
      if (index.words().join(" ") !== tokens(letter).map(withoutDiacritics).join(" ")) others.push(letter);
    }
    // SQLite's table has all others. A word with this one is found when it is typed to its end.
    expect(others).toEqual(["Ǡ", "ǡ"]);
  });

  it("finds each of its words, and any words in a row", () => {
    fc.assert(
      fc.property(text, fc.nat(), fc.nat(), (body, from, length) => {
        index.write(body);
        const words = body.split(/\s+/).filter((word) => tokens(word).length > 0);
        for (const word of words) expect([body, word, index.finds(word)]).toEqual([body, word, true]);
        const all = tokens(body);
        const some = all.slice(from % (all.length + 1)).slice(0, 1 + (length % 5));
        if (some.length > 0) expect([body, some, index.finds(some.join(" "))]).toEqual([body, some, true]);
      }),
      { numRuns: 1500, seed: 10 },
    );
  });

  it("finds each substring of a text in a script without spaces", () => {
    const letter = fc.constantFrom(..."日本語中文漢字测试かなカナー한국어");
    const body = fc.array(letter, { minLength: 1, maxLength: 20 }).map((letters) => letters.join(""));
    fc.assert(
      fc.property(body, fc.nat(), fc.nat(), (written, from, length) => {
        index.write(written);
        const start = from % written.length;
        const sought = written.slice(start, start + 1 + (length % 6));
        expect([written, sought, index.finds(sought)]).toEqual([written, sought, true]);
      }),
      { numRuns: 1000, seed: 11 },
    );
  });
});

describe("indexable text", () => {
  it("is itself when it is made indexable again, and has words and single spaces only", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 60 }), (text) => {
        const once = indexable(text);
        expect(once).toMatch(/^$|^[\p{L}\p{N}\p{M}]+( [\p{L}\p{N}\p{M}]+)*$/u);
        expect(tokens(once)).toEqual(tokens(text));
      }),
      { numRuns: 2000, seed: 12 },
    );
  });

  it("has an end", () => {
    expect(indexable("日".repeat(1000), 100).length).toBeLessThanOrEqual(100);
    expect(indexable("\ufdfa".repeat(1000), 100).length).toBeLessThanOrEqual(100);
    expect(indexable("𠮷".repeat(1000), 101).isWellFormed()).toBe(true);
    expect(indexable("word ".repeat(200_000)).length).toBeLessThanOrEqual(256 * 1024);
  });
});
