/** Attachments that are named instead of sent: uploads, attachments of messages that are here, whole messages. */
import { runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import PostalMime from "postal-mime";
import { describe, expect, it } from "vitest";
import { DraftMessage, Sent } from "../../contract/messages.ts";
import { sha256 } from "../../contract/sessions.ts";
import { composeOutgoing } from "../../workers/outbound/compose-outgoing.ts";
import { type FindAttached, gatherAttachments } from "../../workers/outbound/gather-attachments.ts";
import { ok, problemAt } from "./api-answers.ts";
import { alike, aroundEach, countedStore, draft, MB, rawOf, restoreStore, save, send, ZOE } from "./attaching.ts";
import { aCheckedAccount } from "./mailbox-invariants.ts";
import { aDomain, aLetter, eventually, ingest, lines } from "./mesh.ts";
import { aFile, destroyAll, expectAttachment, expectNothingLeft, letterWith, storedFile } from "./split-letters.ts";
import { upload } from "./upload-files.ts";

aroundEach();

describe("a draft with a file of 18 MB", () => {
  it("costs what is typed each time that it is saved, and is sent as if the file had come with it", async () => {
    const alice = await aCheckedAccount();
    const file = aFile(18 * MB);
    const { id: upload_id } = await upload(alice, file, { filename: "film.mp4", content_type: "video/mp4" });
    const text = { subject: "Film", body: "Look!" };

    const first = countedStore();
    const { id } = await draft(alice, { ...text, attachments: [{ upload_id }] });
    expect(first).toMatchObject({ puts: 1, got: 0 });
    expect(first.put).toBeLessThan(2000);

    const again = countedStore();
    for (let n = 0; n < 5; n++)
      await save(alice, id, { ...text, body: `Look! ${n}`, attachments: [{ message_id: id, n: 0 }] });
    // The skeleton, each time, and the one before it was read.
    expect(again.puts).toBe(5);
    expect(again.put).toBeLessThan(5 * 2000);
    expect(again.got).toBeLessThan(5 * 2000);

    const sending = countedStore();
    const attachments = [{ message_id: id, n: 0 }];
    const sent = await ok(
      alice.call("POST", `/drafts/${id}/send`, { to: [{ email: ZOE }], ...text, attachments, undo_seconds: 60 }),
      Sent,
      202,
    );
    expect([sending.puts, sending.put < 2000, sending.got < 2000]).toEqual([1, true, true]);
    restoreStore();

    const content = Buffer.from(file).toString("base64");
    const given = await send(alice, {
      ...text,
      attachments: [{ filename: "film.mp4", content_type: "video/mp4", content }],
    });
    expect(alike(await rawOf(alice, sent.id)) === alike(await rawOf(alice, given.id))).toBe(true);
    expect((await alice.open(sent.id)).attachments).toEqual((await alice.open(given.id)).attachments);
    expect((await alice.open(sent.id)).size).toBe((await alice.open(given.id)).size);
    await expectAttachment(alice, sent.id, 0, file);
    // The upload, and two messages. The draft and what it was before have let go.
    for (let n = 0; n < 2; n++) await runDurableObjectAlarm(alice.stub);
    expect((await storedFile(file)).holders).toBe(3);
  }, 60_000);

  it("keeps it when it is scheduled, and changed before it leaves", async () => {
    const alice = await aCheckedAccount();
    const file = aFile(MB);
    const { id: upload_id } = await upload(alice, file);
    const send_at = new Date(Date.now() + 3_600_000).toISOString();
    const message = { to: [{ email: ZOE }], subject: "One", send_at };
    const sent = await ok(alice.call("POST", "/messages", { ...message, attachments: [{ upload_id }] }), Sent, 202);
    const store = countedStore();
    const changed = { ...message, subject: "Two", attachments: [{ message_id: sent.id, n: 0, filename: "b.bin" }] };
    const answer = await alice.call("PUT", `/submissions/${sent.submission_id}/message`, changed);
    expect([answer.status, store.puts, store.put < 2000]).toEqual([200, 1, true]);
    restoreStore();
    for (let n = 0; n < 2; n++) await runDurableObjectAlarm(alice.stub);
    expect(await alice.open(sent.id)).toMatchObject({ subject: "Two", attachments: [{ filename: "b.bin", size: MB }] });
    await expectAttachment(alice, sent.id, 0, file);
    expect((await storedFile(file)).holders).toBe(2);
  });

  it("arrives at another account of the mesh, whose copy shares it", async () => {
    const domain = await aDomain();
    const [alice, bob] = [await aCheckedAccount(domain, "alice"), await aCheckedAccount(domain, "bob")];
    const file = aFile(MB);
    const { id: upload_id } = await upload(alice, file);
    await send(alice, { to: [{ email: bob.email }], attachments: [{ upload_id, filename: "x.bin" }], undo_seconds: 0 });
    const message = await eventually(async () => (await bob.messages())[0]);
    expect((await bob.open(message.id)).attachments).toMatchObject([{ filename: "x.bin", size: MB }]);
    await expectAttachment(bob, message.id, 0, file);
    expect((await storedFile(file)).holders).toBe(3);
  });
});

describe("an attachment of a message that is here", () => {
  it("goes on with its name, type and place: large and small, stored apart or not, picture and invitation", async () => {
    const alice = await aCheckedAccount();
    const [large, small] = [aFile(200_000), aFile(300)];
    await ingest(ZOE, alice.email, letterWith([large, small], { subject: "Files" }));
    const ics = lines(
      "BEGIN:VCALENDAR",
      "METHOD:REQUEST",
      "BEGIN:VEVENT",
      "SUMMARY:Caf\u00e9",
      "END:VEVENT",
      "END:VCALENDAR",
    );
    const invitation = lines(
      ...["--a", "Content-Type: text/plain", "", "Come", "--a"],
      'Content-Type: text/calendar; charset="utf-8"; method=REQUEST; component=VEVENT',
      ...[
        "Content-Transfer-Encoding: base64",
        "",
        Buffer.from(ics).toString("base64").replaceAll(/.{76}/g, "$&\r\n"),
        "--a--",
      ],
    );
    const extra = lines("MIME-Version: 1.0", "Content-Type: multipart/alternative; boundary=a");
    await ingest(ZOE, alice.email, aLetter({ subject: "Invitation", extra, body: invitation }));
    const [invited, files] = await alice.messages();

    const sent = await send(alice, {
      body: "Forwarded",
      body_html: '<img src="cid:p@q">',
      attachments: [
        { message_id: files?.id, n: 0 },
        { message_id: files?.id, n: 1, filename: "größe \r\nBcc: x@y.txt", content_id: "p@q", disposition: "inline" },
        { message_id: invited?.id, n: 0 },
      ],
    });
    const opened = await alice.open(sent.id);
    expect(opened.attachments).toMatchObject([
      { content_type: "text/calendar", size: Buffer.byteLength(ics), disposition: "attachment" },
      {
        filename: expect.stringMatching(/^größe .*Bcc: x@y\.txt$/),
        size: 300,
        disposition: "inline",
        content_id: "p@q",
      },
      { filename: "file-0.bin", size: 200_000, disposition: "attachment" },
    ]);
    for (const [n, file] of [Buffer.from(ics), small, large].entries()) await expectAttachment(alice, sent.id, n, file);
    const raw = Buffer.from(await rawOf(alice, sent.id)).toString("latin1");
    const [type] = /Content-Type: text.calendar;.*/.exec(raw.replaceAll("\r\n ", " ")) ?? [];
    expect(type).toContain('text/calendar; charset="utf-8"; method="REQUEST"; component="VEVENT"');
    expect(/^Bcc:/m.test(raw)).toBe(false);
    const read = await PostalMime.parse(raw);
    expect(read.attachments.map(({ mimeType, method }) => [mimeType, method])).toContainEqual([
      "text/calendar",
      "REQUEST",
    ]);
  });

  it("is deleted meanwhile, or was never there", async () => {
    const alice = await aCheckedAccount();
    const file = aFile(100_000);
    await ingest(ZOE, alice.email, letterWith([file]));
    const [message] = await alice.messages();
    const ask = (attachment: object) => problemAt(alice.call("POST", "/drafts", { attachments: [attachment] }));
    expect(await ask({ message_id: message?.id, n: 1 })).toBe("not_found body.attachments.0.message_id");
    expect(await ask({ message_id: "00000000000" })).toBe("not_found body.attachments.0.message_id");
    expect(await ask({ upload_id: "0".repeat(20) })).toBe("not_found body.attachments.0.upload_id");
  });

  it("that is deleted between any two steps of composing is refused, and nothing is left of it", async () => {
    const alice = await aCheckedAccount();
    const file = aFile(100_000);
    const session = alice.stub.session(await sha256(alice.token.split(".")[1] ?? ""));
    const gather = (wanted: object, find: FindAttached) =>
      gatherAttachments(env, DraftMessage.parse({ attachments: [wanted] }), null, find);
    const find: FindAttached = (wanted) => session.findAttached(wanted);
    for (const { isWhole, steps } of [true, false].flatMap((isWhole) => [1, 2].map((steps) => ({ isWhole, steps })))) {
      await ingest(ZOE, alice.email, letterWith([file]));
      const [message] = await alice.messages();
      const wanted = isWhole ? { message_id: message?.id } : { message_id: message?.id, n: 0 };
      const thenGone: FindAttached = async (...args) => {
        const found = await find(...args);
        await destroyAll(alice);
        return found;
      };
      if (steps === 1) {
        // Found, and gone before it is read.
        await expect(gather(wanted, thenGone)).rejects.toMatchObject({ reason: "conflict" });
      } else {
        // Read, and gone before it is referred to.
        const attachments = await gather(wanted, find);
        await destroyAll(alice);
        const { sender } = await session.prepare(undefined, []);
        const composed = composeOutgoing(env, DraftMessage.parse({}), attachments, sender, null, sender, "draft");
        await expect(composed).rejects.toMatchObject({ reason: "conflict" });
      }
      await expectNothingLeft(alice, [file]);
    }
  });
});

describe("a whole message", () => {
  it("is attached as it came, not in base64, with its files by their hash", async () => {
    const alice = await aCheckedAccount();
    const file = aFile(2 * MB);
    const raw = letterWith([file], { subject: "The first/one" });
    await ingest(ZOE, alice.email, raw);
    const [message] = await alice.messages();
    const store = countedStore();
    const sent = await send(alice, { subject: "Fwd", attachments: [{ message_id: message?.id }] });
    expect([store.puts, store.put < 4000, store.got < 4000]).toEqual([1, true, true]);
    restoreStore();
    const opened = await alice.open(sent.id);
    expect(opened.attachments).toMatchObject([
      {
        filename: "The first one.eml",
        content_type: "message/rfc822",
        size: raw.byteLength,
        disposition: "attachment",
      },
    ]);
    await expectAttachment(alice, sent.id, 0, raw);
    const header = Buffer.from(await rawOf(alice, sent.id))
      .toString("latin1")
      .split("From: Zoe")[0];
    expect(header).toContain("Content-Transfer-Encoding: 7bit\r\nContent-Disposition: attachment");
    // Attached again, inside the one that has it: still one file.
    const twice = await send(alice, { attachments: [{ message_id: sent.id }, { message_id: message?.id, n: 0 }] });
    expect((await alice.open(twice.id)).attachments.map(({ content_type }) => content_type)).toEqual([
      "message/rfc822",
      "application/octet-stream",
    ]);
    await expectAttachment(alice, twice.id, 0, await rawOf(alice, sent.id));
    await expectAttachment(alice, twice.id, 1, file);
    expect((await storedFile(file)).holders).toBe(3);
  });

  it("of the sender's own does not tell who got it blind", async () => {
    const alice = await aCheckedAccount();
    const secret = await send(alice, { bcc: [{ email: "secret@far.example" }], body: "x" });
    const sent = await send(alice, { attachments: [{ message_id: secret.id }] });
    expect(Buffer.from(await rawOf(alice, sent.id)).toString()).not.toContain("secret@far.example");
    expect(Buffer.from(await rawOf(alice, secret.id)).toString()).toContain("secret@far.example");
  });

  it("that cannot travel as it is, or is 8-bit, arrives with the same bytes", async () => {
    const alice = await aCheckedAccount();
    const nul = new Uint8Array(Buffer.from(aLetter({ body: "a\0b" }), "latin1"));
    const eight = new Uint8Array(Buffer.from(aLetter({ body: "Grüße" }), "utf8"));
    const long = new Uint8Array(Buffer.from(aLetter({ body: `${"words ".repeat(14)}\r\n`.repeat(3000) }), "latin1"));
    const unfit = letterWith([aFile(100_000)], { width: 2000 });
    const bare = new Uint8Array(
      Buffer.from(new TextDecoder("latin1").decode(letterWith([aFile(90_000)])).replaceAll("\r\n", "\n"), "latin1"),
    );
    for (const raw of [nul, eight, long, unfit, bare]) {
      await ingest(ZOE, alice.email, raw);
      const [message] = await alice.messages();
      const sent = await send(alice, { attachments: [{ message_id: message?.id }] });
      await expectAttachment(alice, sent.id, 0, raw);
      const isFit = raw === eight || raw === long;
      expect((await alice.open(sent.id)).attachments[0]?.content_type).toBe(
        isFit ? "message/rfc822" : "application/octet-stream",
      );
      // And saved again from the message that has it.
      const again = await send(alice, { attachments: [{ message_id: sent.id, n: 0 }] });
      await expectAttachment(alice, again.id, 0, raw);
    }
  });
});
