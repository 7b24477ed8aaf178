/** A search reads what it finds and a little more, whatever is asked and however much there is. */
import { describe, expect, it } from "vitest";
import { SearchMessages } from "../../contract/search.ts";
import * as tables from "../../schema/mailbox/tables.ts";
import { addToIndex } from "./message-index.ts";
import { cursorOf, firstIdAt } from "./object-ids.ts";
import { plansOf, slow, statementsOf } from "./query-plans.test-support.ts";
import { search } from "./search.ts";

describe("a search", () => {
  /** In a mailbox with so many messages in each folder, as far as the counts say. */
  const steps = (q: string, { cursor, total = 0 }: { cursor?: number; total?: number } = {}) =>
    plansOf((box) => {
      box.db.update(tables.folder).set({ total, unread: total }).run();
      search(
        box,
        SearchMessages.parse({ q, cursor: cursor === undefined ? cursor : cursorOf(box, cursor) }),
        Date.now(),
      );
    });

  it("of words is the index's own scan, newest first, with nothing to sort", async () => {
    const plain = ["word", "two words", '"a phrase"', "subject:x", "a -b", "word is:read"];
    for (const q of [...plain, "word in:inbox", "word is:unread"]) {
      const plans = await steps(q, { total: 100_000 });
      expect(plans.join("\n"), q).toMatch(/SCAN message_index VIRTUAL TABLE INDEX \d+:.*M/);
      expect(
        plans.filter((step) => /TEMP B-TREE|SCAN (?!message_index|json_each|folder$|w$)/.test(step)),
        q,
      ).toEqual([]);
    }
  });

  it("of words among few messages asks the index for those, and sorts no more", async () => {
    for (const q of ["word in:inbox", "word is:unread", "word is:flagged", "word has:attachment", "word is:draft"]) {
      const plans = await steps(q, { total: 10 });
      // `=` is FTS5's own word for one rowid.
      expect(plans.join("\n"), q).toMatch(/SCAN message_index VIRTUAL TABLE INDEX \d+:.*=/);
    }
  });

  it("without words walks what is few: a folder's list, or the index of a mark", async () => {
    const marks = {
      "has:attachment": "with_attachment",
      "is:draft": "draft",
      "is:starred": "flagged",
      "in:starred": "flagged",
    };
    for (const [q, index] of Object.entries(marks)) {
      const plans = await steps(q, { total: 100_000 });
      expect(plans.join("\n"), q).toMatch(new RegExp(`SEARCH message USING (COVERING )?INDEX message_${index}`));
      expect(
        slow(plans).filter((step) => step !== "SCAN folder"),
        q,
      ).toEqual([]);
    }
    for (const q of ["in:archive", "in:archive is:read", "in:archive has:attachment -word"]) {
      const plans = await steps(q, { total: 100_000 });
      expect(plans.join("\n"), q).toContain("SEARCH folder_message USING PRIMARY KEY (folder_id=? AND message_id");
    }
  });

  it("by Cc, Bcc, list or file name is the index's own scan", async () => {
    for (const q of ["cc:ann", "bcc:ann@b.test", "list:dev.example", "filename:pdf", "filename:pdf list:dev"]) {
      const plans = await steps(q, { total: 100_000 });
      expect(plans.join("\n"), q).toMatch(/SCAN message_index VIRTUAL TABLE INDEX \d+:.*M/);
      expect(
        plans.filter((step) => /TEMP B-TREE|SCAN (?!message_index|json_each|folder$|w$)/.test(step)),
        q,
      ).toEqual([]);
    }
  });

  it("by Message-ID comes from its index, and drives the words beside it", async () => {
    for (const q of ["rfc822msgid:a@b", "word rfc822msgid:a@b", "rfc822msgid:a@b larger:1M"]) {
      const plans = await steps(q, { total: 100_000 });
      expect(plans.join("\n"), q).toMatch(/SEARCH f USING COVERING INDEX message_by_rfc_message_id/);
      expect(plans.join("\n"), q).toMatch(/SEARCH message USING INTEGER PRIMARY KEY \(rowid=\?\)|INDEX \d+:.*=/);
      // What is sorted is those of one Message-ID, a few hundred at most.
      expect(slow(plans).filter((step) => !/SCAN (folder|message_index|\(subquery)|ORDER BY/.test(step))).toEqual([]);
    }
  });

  it("by size or read state looks up each message on a walk that has an end", async () => {
    for (const q of ["larger:5M", "smaller:10k", "is:read", "word larger:5M", "in:archive smaller:1k"]) {
      const plans = await steps(q, { total: 100_000 });
      expect(plans, q).toContain("CO-ROUTINE w");
      expect(plans.join("\n"), q).toContain("SEARCH f USING INTEGER PRIMARY KEY (rowid=?)");
      expect(slow(plans).filter((step) => !/SCAN (folder|message_index|a VIRTUAL)/.test(step))).toEqual([]);
    }
  });

  it("by age tells the index where to end", async () => {
    expect((await steps("word newer_than:3d")).join("\n")).toMatch(/VIRTUAL TABLE INDEX \d+:.*>/);
    expect((await steps("older_than:1y")).join("\n")).toContain("SEARCH message USING INTEGER PRIMARY KEY (rowid");
  });

  it("that goes on, or begins at a date, tells the index where", async () => {
    // `<` and `>` are FTS5's own words for a bound on the rowid.
    expect((await steps("word", { cursor: firstIdAt(1_000_000) })).join("\n")).toMatch(/VIRTUAL TABLE INDEX \d+:.*</);
    expect((await steps("word after:2023-01-01")).join("\n")).toMatch(/VIRTUAL TABLE INDEX \d+:.*>/);
  });

  /** What a search for it reads, in a mailbox where 3,000 messages have the word. */
  const rowsRead = (q: string, more: { cursor?: number } & Record<string, unknown> = {}) =>
    statementsOf(
      (box) => {
        const empty = { sender: "", recipients: "", cc: "", bcc: "", body: "", attachment_names: "", list_id: "" };
        for (let n = 1; n <= 3000; n++) addToIndex(box.db, firstIdAt(n), { subject: "word", ...empty });
        const cursor = more.cursor === undefined ? {} : { cursor: cursorOf(box, more.cursor) };
        search(box, SearchMessages.parse({ q, ...more, ...cursor }), Date.now());
      },
      (sql, statements) => {
        const read = statements
          .filter(([text]) => text.includes("MATCH"))
          .map(([text, values]) => {
            const result = sql.exec(text, ...values);
            result.toArray();
            return result.rowsRead;
          });
        return read.reduce((sum, rows) => sum + rows, 0);
      },
    );

  it("that goes on, or ends at a date, reads no more rows than one that begins", async () => {
    const atFirst = await rowsRead("word");
    expect(await rowsRead("word", { cursor: firstIdAt(100) })).toBeLessThanOrEqual(atFirst + 1);
    // A date further on than the cursor must not draw the scan to itself.
    expect(await rowsRead("word before:2024-01-01", { cursor: firstIdAt(100) })).toBeLessThanOrEqual(atFirst + 1);
  });

  it("that counts what it finds stops at a thousand", async () => {
    const more = (await rowsRead("word", { total: "true" })) - (await rowsRead("word"));
    expect(more).toBeGreaterThan(1000);
    // Each once in the index, once on the walk, and once in the trash that it is not in.
    expect(more).toBeLessThan(3100);
  });

  it("by relevance sorts what it walked, and no more", async () => {
    const plans = await plansOf((box) => void search(box, SearchMessages.parse({ q: "word", sort: "relevance" }), 0));
    expect(plans.join("\n")).toMatch(/(CO-ROUTINE|MATERIALIZE) w\nSCAN message_index VIRTUAL TABLE INDEX \d+:/);
    expect(plans.filter((step) => step.includes("TEMP B-TREE"))).toEqual(["USE TEMP B-TREE FOR ORDER BY"]);
  });
});
