import { describe, expect, it } from "vitest";
import { Message } from "../../../contract/messages.ts";
import { answerTo, contentOf, quoted, subjectOf, type Writer } from "./answer.ts";
import { renumbered } from "./drafts.ts";
import { asDraft, everyone } from "./letter.ts";
import { splitHtml } from "./quote.ts";

const address = (email: string) => ({ name: "", email });
const INES = address("ines@river.example");
const [BOB, JONAS, ALICE] = ["bob@mesh.test", "jonas@river.example", "Alice@mesh.test"].map(address);
const ID = "0123456789a";

const message = (changes: Partial<Message> = {}): Message =>
  Message.parse({
    ...{ id: ID, user_id: "u0123456789abcdef", thread_id: ID, folder_ids: [], from: INES, to: [ALICE, BOB] },
    ...{ subject: "Keys", preview: "", received_at: "2026-11-28T10:00:00Z", size: 1, is_read: true, is_flagged: false },
    ...{
      is_draft: false,
      keywords: [],
      has_attachment: false,
      snoozed_until: null,
      cc: [JONAS],
      bcc: [],
      reply_to: [],
    },
    ...{ sent_at: null, headers: { message_id: null, in_reply_to: null, references: [] }, body: "Who?\n> Me.\n" },
    ...{ body_html: null, remote_images: 0, shows_images: false, html_note: null, attachments: [] },
    ...{ authentication: null, warnings: [], attachment_scan: null, list_unsubscribe: null, return_path: "" },
    ...{ delivered_to: [], parse_note: null, receipt_to: null, submission_id: null, draft_revision: null, ...changes },
  });

const writer: Writer = {
  addresses: ["alice@mesh.test"],
  introduce: () => "Ines wrote:",
  describe: () => ["---------- Forwarded message ----------", "From: Ines"],
};
const emails = (field: Parameters<typeof everyone>[0]) => everyone(field).map(({ email }) => email);

describe("an answer", () => {
  it("goes to who wrote, and to all others but oneself", () => {
    const { to, cc, from, in_reply_to } = answerTo(message(), "replyAll", writer);
    expect([emails(to), emails(cc), from, in_reply_to]).toEqual([
      ["ines@river.example"],
      ["bob@mesh.test", "jonas@river.example"],
      "alice@mesh.test",
      ID,
    ]);
    expect(emails(answerTo(message(), "reply", writer).cc)).toEqual([]);
  });
  it("goes where answers are wanted", () =>
    expect(emails(answerTo(message({ reply_to: [address("list@river.example")] }), "reply", writer).to)).toEqual([
      "list@river.example",
    ]));
  it("to one's own letter goes to those that it went to", () => {
    const own = message({ from: address("alice@mesh.test"), to: [INES] });
    expect(emails(answerTo(own, "reply", writer).to)).toEqual(["ines@river.example"]);
  });
  it("to plain text is plain, below it what was said", () =>
    expect(answerTo(message(), "reply", writer)).toMatchObject({
      subject: "Re: Keys",
      body: "\n\nInes wrote:\n> Who?\n>> Me.\n",
      html: null,
    }));
  it("to HTML has it below, without its styles, and with the pictures that it shows", () => {
    const picture = {
      n: 0,
      filename: "a.png",
      content_type: "image/png",
      size: 1,
      content_id: "a@b",
      disposition: "inline" as const,
    };
    const rich = message({
      body_html: '<html><head><style>p{}</style></head><body><p>Who?<img src="cid:a@b"></p></body></html>',
      attachments: [picture, { ...picture, n: 1, content_id: null, disposition: "attachment" }],
    });
    const letter = answerTo(rich, "reply", writer);
    const { body_html, attachments } = asDraft({ ...letter, html: "<p>Me.</p>" });
    expect(body_html).toBe(
      '<p>Me.</p><div class="mailmesh-quote"><p>Ines wrote:</p><blockquote type="cite"><p>Who?<img src="cid:a@b"></p></blockquote></div>',
    );
    expect(attachments).toEqual([
      expect.objectContaining({ message_id: ID, n: 0, content_id: "a@b", disposition: "inline" }),
    ]);
    expect(answerTo(rich, "forward", writer).attachments).toHaveLength(2);
  });
});

describe("what was written once", () => {
  it("is written again in one's own name", () => {
    const from = (email: string) => answerTo(message({ from: address(email) }), "again", writer).from;
    expect([from("ALICE@mesh.test"), from("ines@river.example")]).toEqual(["alice@mesh.test", null]);
  });
  it("is parted from what it quotes", () => {
    const quote = '<div class="mailmesh-quote"><table></table></div>';
    expect(splitHtml(`<p>Me.</p>${quote}`, "")).toEqual({ own: "<p>Me.</p>", quote: { text: "", html: quote } });
  });
  it("stays as it is where the editor cannot hold it", () => {
    const letter = contentOf(message({ body_html: "<table><tr><td>1</td></tr></table>" }));
    expect(letter).toMatchObject({ html: "<p></p>", quote: { html: "<table><tr><td>1</td></tr></table>" } });
  });
});

it("quotes a quote without a blank, and an empty line without one behind it", () =>
  expect(quoted("a\n\n> b\n")).toBe("> a\n>\n>> b"));

it("says Re: and Fwd: once", () => {
  expect(["Keys", "re: Keys"].map((subject) => subjectOf(subject, "reply"))).toEqual(["Re: Keys", "re: Keys"]);
  expect(["Re: Keys", "WG: Keys"].map((subject) => subjectOf(subject, "forward"))).toEqual([
    "Fwd: Re: Keys",
    "WG: Keys",
  ]);
});

it("names a draft's own attachments by the numbers that they have after one went", () => {
  const there = (n: number, filename: string) => ({
    ...{ n, filename, content_type: "text/plain", size: 1, content_id: null, disposition: "attachment" as const },
  });
  const id = message().id;
  const before = [1, 2].map((n) => ({
    ...{ key: `${n}`, filename: `${n}.txt`, content_type: "text/plain", size: 1, content_id: null },
    source: { message_id: id, n },
  }));
  const after = renumbered(before, id, [there(0, "1.txt"), there(1, "2.txt")]);
  expect(after.map(({ source }) => source)).toEqual([0, 1].map((n) => ({ message_id: id, n })));
});
