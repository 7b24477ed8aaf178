import { runInDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import { Message, MessageSummary } from "../../contract/messages.ts";
import { ok, problemAt } from "./api-answers.ts";
import { aCheckedAccount } from "./mailbox-invariants.ts";
import { type Account, aLetter, ingest, lines } from "./mesh.ts";

const HTML = lines("Content-Type: text/html; charset=utf-8");

async function received(account: Account, raw: string | Uint8Array): Promise<Message> {
  await ingest("zoe@far.example", account.email, raw);
  return account.open((await newestOf(account)) ?? "");
}

/** Wherever it was put: some of it looks like spam. */
async function newestOf(account: Account): Promise<string | undefined> {
  const all = [...(await account.messages("inbox")), ...(await account.messages("junk"))];
  return all.sort((a, b) => b.received_at.localeCompare(a.received_at) || (a.id < b.id ? 1 : -1))[0]?.id;
}

const receivedHtml = (account: Account, body: string): Promise<Message> =>
  received(account, aLetter({ extra: HTML, body }));

/** As the object keeps it, and as it is read from R2 when the object does not. */
async function bothWays(account: Account, message: Message): Promise<Message[]> {
  const kept = await account.open(message.id);
  await runInDurableObject(account.stub, (_mailbox, { storage }) => {
    storage.sql.exec("DELETE FROM body");
  });
  return [kept, await account.open(message.id)];
}

const HOSTILE =
  '<p onclick="alert(1)">Hello<script>alert(2)</script> <b>you</b><img src="https://far.example/p.gif"></p><form action="/"><input></form>';
const MADE_SAFE = '<p>Hello <b>you</b><img src="data:text/x-remote-image,https://far.example/p.gif"></p>';

describe("HTML in an opened message", () => {
  it("is made safe, whether it is read from the object or from R2", async () => {
    const alice = await aCheckedAccount();
    const message = await receivedHtml(alice, HOSTILE);
    for (const { body_html, remote_images, html_note, body } of await bothWays(alice, message)) {
      expect(body_html?.trim()).toBe(MADE_SAFE);
      expect({ remote_images, html_note, body: body.trim() }).toEqual({
        remote_images: 1,
        html_note: null,
        body: "Hello you",
      });
    }
  });

  it("gives way to its text, with a note, where it is too much for a reader", async () => {
    const alice = await aCheckedAccount();
    const bodies = {
      "nested too deeply": `Words.${"<div>\r\n".repeat(3_000_000)}`,
      "too many parts": `Words.${"<br>\r\n".repeat(300_000)}`,
    };
    for (const [note, body] of Object.entries(bodies)) {
      const message = await receivedHtml(alice, body);
      for (const { body_html, html_note, body: text } of await bothWays(alice, message)) {
        expect(body_html).toBe(null);
        expect(html_note).toContain(note);
        expect(text.trim()).toMatch(/^Words\./);
      }
    }
  });

  it("is safe in whatever charset it claims to be", async () => {
    const alice = await aCheckedAccount();
    // "<script>" in UTF-7, and in UTF-16 within bytes that are labelled as ASCII.
    const written: [string, Uint8Array][] = [
      ["utf-7", Buffer.from("Hello +ADw-script+AD4-alert(1)+ADw-/script+AD4-")],
      ["us-ascii", Buffer.from("Hello <script>alert(1)</script>", "utf16le")],
      ["utf-16", Buffer.from("Hello <script>alert(1)</script>", "utf16le")],
      ["iso-2022-jp", Buffer.from("Hello \x1b$B<script>alert(1)</script>\x1b(B<img src=x onerror=alert(1)>")],
      ["x-nonsense", Buffer.from("Hello <scr\0ipt>alert(1)</scr\0ipt><img src=x onerror=alert(1)>")],
      ["gb18030", Buffer.from('Hello <img alt="\x81" onerror=alert(1) src=x">', "latin1")],
    ];
    for (const [charset, body] of written) {
      const head = lines("From: z@far.example", `Content-Type: text/html; charset=${charset}`, "");
      const message = await received(alice, Buffer.concat([Buffer.from(head), body]));
      expect(message.html_note).toBe(null);
      expect(`${charset} ${message.body_html}`).not.toMatch(/<script|<img[^>]*onerror/i);
    }
  });

  it("names images of the proxy when it is asked for with them, and its ETag holds", async () => {
    const alice = await aCheckedAccount();
    const { id } = await receivedHtml(alice, HOSTILE);
    const open = (headers = {}) => alice.call("GET", `/messages/${id}?images=proxied`, undefined, headers);
    const answer = await open();
    const message = Message.parse(await answer.json());
    expect(message.remote_images).toBe(1);
    expect(message.body_html).toMatch(
      /<img src="\/v1\/proxy\/image\?account=u[^"]+&amp;url=https%3A%2F%2Ffar\.example%2Fp\.gif">/,
    );
    expect((await open({ "if-none-match": answer.headers.get("etag") ?? "" })).status).toBe(304);
    expect(await problemAt(alice.call("GET", `/messages/${id}?images=all`))).toBe("bad_request query.images");
  });
});

describe("HTML that its owner writes", () => {
  const WRITTEN =
    '<!DOCTYPE html><html><head><style>p { color: red }</style></head><body><p style="margin: 0 0 1em; background: url(https://far.example/b.png)">Text <img src="cid:p@q" alt="A &amp; B" width="10"> <img src="https://far.example/a.png?b=c&amp;d=e"></p></body></html>';

  it("survives being saved, read and saved again", async () => {
    const alice = await aCheckedAccount();
    const attachments = [{ content: "aGVsbG8=", filename: "p.png", content_id: "p@q", disposition: "inline" }];
    const draft = await ok(alice.call("POST", "/drafts", { body_html: WRITTEN, attachments }), MessageSummary, 201);
    const first = await alice.open(draft.id);
    expect(first.remote_images).toBe(2);
    expect(first.body_html).toContain('<img src="cid:p@q" alt="A &amp; B" width="10">');
    for (const images of ["", "?images=proxied"]) {
      const read = Message.parse(await (await alice.call("GET", `/messages/${draft.id}${images}`)).json());
      const kept = [{ message_id: draft.id, n: 0 }];
      await alice.call("PUT", `/drafts/${draft.id}`, { body_html: read.body_html, attachments: kept });
      const again = await alice.open(draft.id);
      expect(again.body_html).toBe(first.body_html);
      expect(again.attachments).toEqual(first.attachments);
      // And the bytes have no marks of ours: whoever it is sent to sees the images.
      const raw = await (await alice.call("GET", `/messages/${draft.id}/raw`)).text();
      const flat = raw
        .replaceAll("=\r\n", "")
        .replaceAll(/=([0-9A-F]{2})/g, (_, code) => String.fromCharCode(Number.parseInt(code, 16)));
      expect(flat).toContain(WRITTEN);
      expect(flat).not.toMatch(/x-remote-image|proxy/);
    }
  });
});
