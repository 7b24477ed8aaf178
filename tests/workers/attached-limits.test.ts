/** What may be named as an attachment, how much of it, and what is said of the rest. */
import { describe, expect, it } from "vitest";
import type { Message } from "../../contract/messages.ts";
import { problemAt, problemOf } from "./api-answers.ts";
import { aroundEach, countedStore, draft, MB, restoreStore, save, send, ZOE } from "./attaching.ts";
import { storedBytes } from "./faults.ts";
import { aCheckedAccount } from "./mailbox-invariants.ts";
import { aFile, expectAttachment } from "./split-letters.ts";
import { upload } from "./upload-files.ts";

aroundEach();

describe("what is named", () => {
  it("may not make a message too large, which is said before anything is read", async () => {
    const alice = await aCheckedAccount();
    const file = aFile(7 * MB);
    const { id: upload_id } = await upload(alice, file);
    const store = countedStore();
    expect(await problemAt(alice.call("POST", "/drafts", { attachments: Array(3).fill({ upload_id }) }))).toBe(
      "message_too_large",
    );
    expect(store).toEqual({ puts: 0, put: 0, got: 0 });
    restoreStore();
    await draft(alice, { attachments: [{ upload_id }, { upload_id }] });
    expect(await storedBytes(alice)).toHaveLength(1);
  });

  it("may be two hundred files, of which the largest are shared", async () => {
    const alice = await aCheckedAccount();
    const files = Array.from({ length: 25 }, (_, n) => aFile(n < 3 ? 1000 + n : 66_000 + n));
    const ids = await Promise.all(files.map((file) => upload(alice, file)));
    const attachments = Array.from({ length: 200 }, (_, n) => ({
      upload_id: ids[n < 25 ? n : n % 3]?.id,
      filename: `f${n}`,
    }));
    const sent = await send(alice, { attachments });
    const opened = await alice.open(sent.id);
    expect(opened.attachments.map(({ size }) => size)).toEqual(
      attachments.map((_, n) => files[n < 25 ? n : n % 3]?.byteLength),
    );
    for (const n of [0, 3, 24, 199]) await expectAttachment(alice, sent.id, n, files[n < 25 ? n : n % 3] ?? aFile(1));
    expect(await problemAt(alice.call("POST", "/drafts", { attachments: Array(201).fill(attachments[0]) }))).toBe(
      "bad_request body.attachments",
    );
  });

  it("is said wrongly in each way with its place", async () => {
    const alice = await aCheckedAccount();
    const { id } = await draft(alice, {});
    const content = "AAAA";
    const filename = "f";
    const wrong = [
      [{}, "content"],
      [{ content, filename, upload_id: "0".repeat(20) }, "content"],
      [{ content }, "filename"],
      [{ content, filename, n: 0 }, "n"],
      [{ message_id: id, content_type: "text/plain" }, "content_type"],
      [{ upload_id: "x" }, "upload_id"],
      [{ message_id: id, n: -1 }, "n"],
      [{ content, filename, content_type: "text/plain; a=b\r\nBcc: x@y" }, "content_type"],
      [{ content, filename, content_id: "a>\r\nBcc: <b" }, "content_id"],
      [{ content, filename, disposition: "x" }, "disposition"],
    ] as const;
    for (const [attachment, at] of wrong) {
      expect(await problemAt(alice.call("POST", "/drafts", { attachments: [attachment] }))).toBe(
        `bad_request body.attachments.0.${at}`,
      );
    }
  });

  it("is never the draft itself, and an unfinished upload is no file yet", async () => {
    const alice = await aCheckedAccount();
    const { id } = await draft(alice, { subject: "Snake" });
    const self = { to: [{ email: ZOE }], attachments: [{ message_id: id }] };
    expect(await problemAt(alice.call("PUT", `/drafts/${id}`, self))).toBe("bad_request body.attachments.0.message_id");
    expect(await problemAt(alice.call("POST", `/drafts/${id}/send`, self))).toBe(
      "bad_request body.attachments.0.message_id",
    );
    const begun = await alice.call("POST", "/uploads", { filename: "f", size: 10 });
    const { id: upload_id } = await begun.json<{ id: string }>();
    const problem = await problemOf(alice.call("POST", "/drafts", { attachments: [{ upload_id }] }));
    expect(problem).toMatchObject({ reason: "conflict", issues: [{ at: "body.attachments.0.upload_id" }] });
  });

  it("keeps the file when the upload is gone, and a long text beside it stays cheap to save", async () => {
    const alice = await aCheckedAccount();
    const file = aFile(MB);
    const { id: upload_id } = await upload(alice, file);
    const { id } = await draft(alice, { attachments: [{ upload_id }] });
    await alice.call("DELETE", `/uploads/${upload_id}`);
    const store = countedStore();
    const body_html = `<p>${"long text ".repeat(30_000)}</p>`;
    await save(alice, id, { body_html, attachments: [{ message_id: id, n: 0 }] });
    expect([store.puts, store.put < 800_000]).toEqual([1, true]);
    restoreStore();
    const opened: Message = await alice.open(id);
    expect(opened.body_html).toBe(body_html);
    await expectAttachment(alice, id, 0, file);
    await save(alice, id, { body: "x".repeat(3 * MB), attachments: [{ message_id: id, n: 0 }] });
    await expectAttachment(alice, id, 0, file);
    expect((await alice.open(id)).body.startsWith("xxx")).toBe(true);
  });
});
