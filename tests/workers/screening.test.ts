/** What may do harm does not leave, however it was attached; what is innocent does. */
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it } from "vitest";
import { DraftMessage, MessageSummary, Sent } from "../../contract/messages.ts";
import { EICAR } from "../../mail/screening/file-bytes.ts";
import { GTUBE } from "../../mail/screening/text.ts";
import { zipOf } from "../../mail/screening/zip.test-support.ts";
import { ok, problemAt, problemOf } from "./api-answers.ts";
import { storedBytes } from "./faults.ts";
import { aCheckedAccount } from "./mailbox-invariants.ts";
import { type Account, eventually, ingestRaw } from "./mesh.ts";
import { relayThrough } from "./outgoing.ts";
import { aFile, letterWith } from "./split-letters.ts";
import { upload } from "./upload-files.ts";

const { MAIL } = env;
afterEach(() => {
  env.MAIL = MAIL;
});

const post = (account: Account, message: object): Promise<Response> =>
  account.call("POST", "/messages", { to: [{ email: "zoe@far.example" }], undo_seconds: 60, ...message });
const file = (filename: string, content: Uint8Array | string) => ({
  filename,
  content: Buffer.from(content).toString("base64"),
});

/** A program of so many bytes. */
function aProgram(size: number): Uint8Array<ArrayBuffer> {
  const program = aFile(size);
  program.set([0x4d, 0x5a, 0x90, 0]);
  return program;
}

const PHISHING = '<a href="https://evil.example/">www.bank.com</a><form><input type="password"></form>';

describe("a message that may do harm is refused, with the place:", () => {
  it.each([
    ["a program by its name", { attachments: [file("ok.txt", "x"), file("a.exe", "x")] }, "body.attachments.1"],
    ["a program by its bytes", { attachments: [file("a.jpg", aProgram(500))] }, "body.attachments.0"],
    ["a double ending", { attachments: [file("invoice.pdf.scr", "x")] }, "body.attachments.0"],
    ["the test virus", { attachments: [file("a.txt", EICAR)] }, "body.attachments.0"],
    [
      "the test virus in a zip",
      { attachments: [file("a.zip", zipOf([{ name: "a.txt", content: Buffer.from(EICAR), deflated: true }]))] },
      "body.attachments.0",
    ],
    ["the test line of spam filters", { body: `Hello\n${GTUBE}\n` }, "body.body"],
    ["the same in HTML", { body_html: `<p>${GTUBE}</p>` }, "body.body_html"],
    ["the same in the subject", { subject: GTUBE }, "body.subject"],
    ["several signs of fraud", { body_html: PHISHING }, "body.body_html"],
  ])("%s", async (_what, message, places) => {
    const alice = await aCheckedAccount();
    expect(await problemAt(post(alice, message))).toBe(`message_refused ${places}`);
    const { status, issues = [] } = await problemOf(post(alice, message));
    expect([status, issues.every(({ message: words }) => words.length > 10)]).toEqual([422, true]);
    expect(await alice.messages("sent")).toEqual([]);
    expect(await storedBytes(alice)).toEqual([]);
  });

  it("an uploaded program, stored by itself or not, and one in an uploaded zip", async () => {
    const alice = await aCheckedAccount();
    const large = zipOf([
      { name: "noise.bin", content: aFile(300_000) },
      { name: "a.dat", content: aProgram(300_000), deflated: true },
    ]);
    for (const bytes of [aProgram(900), aProgram(400_000), new Uint8Array(large)]) {
      const { id: upload_id } = await upload(alice, bytes, { filename: "holiday.bin" });
      expect(await problemAt(post(alice, { attachments: [{ upload_id }] }))).toBe("message_refused body.attachments.0");
    }
  });

  it("a program of a message that came, passed on by itself and with its message", async () => {
    const alice = await aCheckedAccount();
    for (const size of [900, 400_000]) {
      await ingestRaw("zoe@far.example", alice.email, letterWith([aProgram(size)], { subject: `${size}` }));
      const [{ id: message_id } = { id: "" }] = await alice.messages();
      const places = "message_refused body.attachments.0";
      expect(await problemAt(post(alice, { attachments: [{ message_id, n: 0 }] }))).toBe(places);
      expect(await problemAt(post(alice, { attachments: [{ message_id }] }))).toBe(places);
    }
  });

  it("a draft, which is saved all the same and keeps its text", async () => {
    const alice = await aCheckedAccount();
    const message = { to: [{ email: "zoe@far.example" }], attachments: [file("a.exe", "x")] };
    const { id } = await ok(alice.call("POST", "/drafts", message), MessageSummary, 201);
    expect(await problemAt(alice.call("POST", `/drafts/${id}/send`, { ...message, undo_seconds: 60 }))).toBe(
      "message_refused body.attachments.0",
    );
    expect((await alice.open(id)).is_draft).toBe(true);
  });
});

describe("an innocent message leaves:", () => {
  it("documents, scripts, archives, links", async () => {
    const alice = await aCheckedAccount();
    const attachments = [
      file("report.docm", zipOf([{ name: "word/vbaProject.bin", content: Buffer.from("macro"), deflated: true }])),
      file("run.sh", "#!/bin/sh\necho hello\n"),
      file("invoice.pdf", "%PDF-1.7"),
      file("broken.zip", "no zip"),
    ];
    const body_html = '<a href="https://www.bank.com/">bank.com</a> <a href="https://evil.example/">www.bank.com</a>';
    await ok(post(alice, { body_html, attachments }), Sent, 202);
  });

  it("a letter passed on for its fraud, whose words are another's", async () => {
    const alice = await aCheckedAccount();
    const raw = `From: eve@far.example\r\nSubject: Bank\r\nContent-Type: text/html\r\n\r\n${PHISHING}\r\n`;
    await ingestRaw("eve@far.example", alice.email, raw);
    const message = await eventually(async () => (await alice.messages())[0]);
    await ok(post(alice, { attachments: [{ message_id: message.id }] }), Sent, 202);
  });

  it("a file of 18 MB, of which the first bytes are read, and none where a draft is saved", async () => {
    const alice = await aCheckedAccount();
    // Larger than what Cloudflare's binding takes.
    await relayThrough();
    const { id: upload_id } = await upload(alice, aFile(18_000_000), { filename: "film.mp4" });
    const reads: (R2GetOptions | undefined)[] = [];
    const get = async (key: string, options?: R2GetOptions) => {
      reads.push(options);
      return MAIL.get(key, options);
    };
    env.MAIL = new Proxy(MAIL, {
      get(target, name) {
        if (name === "get") return get;
        const member: unknown = Reflect.get(target, name);
        return typeof member === "function" ? member.bind(target) : member;
      },
    });
    const message = DraftMessage.parse({ attachments: [{ upload_id }] });
    await ok(alice.call("POST", "/drafts", message), MessageSummary, 201);
    expect(reads).toEqual([]);
    await ok(post(alice, { attachments: [{ upload_id }] }), Sent, 202);
    expect(reads).toEqual([{ range: { offset: 0, length: 512 } }]);
  });
});
