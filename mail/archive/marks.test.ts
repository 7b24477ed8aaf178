/** What archives say of a message, beyond its bytes. */
import { describe, expect, it } from "vitest";
import { folderAt, folderName } from "./archive-folder.ts";
import { fileNameOf, placeOfEntry } from "./entry-place.ts";
import { type FoundMessage, fromMbox } from "./found-message.ts";
import { formatFromLine, parseFromLine } from "./from-line.ts";
import { readGmailLabels, splitLabels } from "./gmail-labels.ts";
import { readMarks } from "./message-marks.ts";
import { decodeModifiedUtf7 } from "./modified-utf7.ts";

const encode = (text: string) => new Uint8Array(new TextEncoder().encode(text));
const INBOX = { role: "inbox", path: [] };

const found = (header: string, from = "From zoe@far.example Wed Nov 25 01:46:22 2026"): FoundMessage | "deleted" =>
  fromMbox(encode(`${header}\n\nx\n`), "byte 0", encode(from), { role: "inbox", path: [] });

describe("a path in an archive", () => {
  it.each([
    ["Maildir/cur/1.a.host:2,S", INBOX],
    ["./cur/1.a.host:2,", INBOX],
    ["alice/Maildir/new/1.a.host", INBOX],
    ["Maildir/.Sent/cur/1.a.host:2,S", { role: "sent", path: [] }],
    ["Maildir/.Sent.2024/cur/1.a.host:2,S", { role: "sent", path: ["2024"] }],
    ["./.INBOX.Work/cur/1.a", { role: "inbox", path: ["Work"] }],
    ["Maildir/.R&AOk-unions/cur/1.a", { role: null, path: ["Réunions"] }],
    ["Mail/Work/2024/cur/1.a", { role: null, path: ["Work", "2024"] }],
    ["backup/Work/cur/1.a", { role: null, path: ["Work"] }],
    ["Inbox/a.eml", INBOX],
    ["a.eml", INBOX],
    ["Work/2024/a.eml", { role: null, path: ["Work", "2024"] }],
    ["../../etc/a.eml", { role: null, path: ["etc"] }],
  ])("%s is a message in its folder", (path, folder) => {
    expect(placeOfEntry(path)).toMatchObject({ kind: "message", folder });
  });

  it.each([
    ["Takeout/Mail/All mail Including Spam and Trash.mbox", null],
    ["Takeout/Mail/Inbox.mbox", null],
    ["Work.mbox", { role: null, path: ["Work"] }],
    ["Mail/Local Folders/Sent", { role: "sent", path: [] }],
    ["Mail/Local Folders/Work.sbd/2024", { role: null, path: ["Work", "2024"] }],
  ])("%s may be an mbox", (path, folder) => expect(placeOfEntry(path)).toEqual({ kind: "mbox", folder }));

  it.each(["Maildir/tmp/1.a", "a.html", "Work.msf", "__MACOSX/._a.eml", "Maildir/dovecot.index.log", ""])(
    "%s is none of ours",
    (path) => expect(placeOfEntry(path).kind === "message").toBe(false),
  );

  it.each([
    ["cur/1.a:2,FRS", { is_read: true, is_flagged: true, is_answered: true, is_draft: false }],
    ["cur/1.a;2,D", { is_read: false, is_flagged: false, is_answered: false, is_draft: true }],
    ["cur/1.a!2,S", { is_read: true }],
    ["new/1.a", { is_read: false }],
  ])("%s has its flags in its name", (path, flags) => expect(placeOfEntry(path)).toMatchObject({ flags }));

  it("says when the message came", () => {
    expect(placeOfEntry("cur/1764035182.M123456P42.host:2,S")).toMatchObject({ named_at: 1_764_035_182_123 });
    expect(placeOfEntry("cur/1764035182.4711_1.host:2,S")).toMatchObject({ named_at: 1_764_035_182_000 });
    expect(placeOfEntry("cur/4711.host:2,S")).toMatchObject({ named_at: null });
  });

  it("that Mailmesh gave is read as it was meant", () => {
    const flags = { is_read: true, is_flagged: true, is_draft: true, is_answered: true };
    const name = fileNameOf(1_764_035_182_007, "k3", flags);
    expect(name).toBe("1764035182.M007000Pk3.mailmesh;2,DFRS.eml");
    expect(placeOfEntry(`Inbox/${name}`)).toMatchObject({ flags, named_at: 1_764_035_182_007, is_named_by_us: true });
  });
});

describe("X-Gmail-Labels", () => {
  const own = (...path: string[]) => ({ role: null, path });

  it.each([
    ["Inbox,Important,Unread", [INBOX], { is_read: false, is_flagged: false }],
    ["Inbox,Opened,Starred,Category Promotions", [INBOX], { is_read: true, is_flagged: true }],
    ["Archived,Opened", [{ role: "archive", path: [] }], { is_read: true }],
    ["Archived,Work", [own("Work")], {}],
    ["Sent,Work/2024", [{ role: "sent", path: [] }, own("Work", "2024")], {}],
    ["Drafts", [{ role: "drafts", path: [] }], { is_draft: true }],
    ["Spam,Work", [{ role: "junk", path: [] }], {}],
    ["Trash,Inbox,Unread", [{ role: "trash", path: [] }], { is_read: false }],
    ['"Bills, paid",Inbox', [own("Bills, paid"), INBOX], {}],
    ["=?UTF-8?Q?R=C3=A9unions,Unread?=", [own("Réunions")], { is_read: false }],
    ["=?UTF-8?B?5Lya6K2w?=", [own("会議")], {}],
    ["", [{ role: "archive", path: [] }], {}],
  ])("%s", (labels, folders, flags) => expect(readGmailLabels(labels)).toMatchObject({ folders, flags }));

  it("is split at commas outside of quotes", () => {
    expect(splitLabels('a,"b,c" , "d ""e""","f \\"g",,')).toEqual(["a", "b,c", 'd "e"', 'f "g']);
  });

  it("folds over lines", () => {
    const message = found("X-Gmail-Labels: =?UTF-8?Q?R=C3=A9un?=\n =?UTF-8?Q?ions?=,\n Unread\nSubject: a");
    expect(message).toMatchObject({ folders: [own("Réunions")], flags: { is_read: false } });
  });
});

describe("flags in the header", () => {
  it.each([
    ["Status: RO", { is_read: true, is_flagged: false }],
    ["Status: O", { is_read: false }],
    ["Status: RO\nX-Status: AF", { is_read: true, is_answered: true, is_flagged: true }],
    ["X-Mozilla-Status: 0001", { is_read: true, is_flagged: false }],
    ["X-Mozilla-Status: 0006", { is_read: false, is_answered: true, is_flagged: true }],
    ["Subject: nothing said", { is_read: true, is_flagged: false }],
  ])("%s", (header, flags) => expect(found(header)).toMatchObject({ flags }));

  it("of what Thunderbird deleted", () => expect(found("X-Mozilla-Status: 0009")).toBe("deleted"));
});

describe("when a message came", () => {
  it.each([
    [
      "Received: by 10.0.0.1; Tue, 24 Nov 2026 08:00:00 +0000\nDate: Mon, 23 Nov 2026 08:00:00 +0000",
      "2026-11-24T08:00:00",
    ],
    ["X-Received: by 10.0.0.1 with SMTP id x;\n        Tue, 24 Nov 2026 00:00:00 -0800 (PST)", "2026-11-24T08:00:00"],
    ["Date: Mon, 23 Nov 2026 08:00:00 +0000", "2026-11-25T01:46:22"],
    ["Received: nonsense; yesterday", "2026-11-25T01:46:22"],
  ])("%s", (header, time) => expect(found(header)).toMatchObject({ received_at: Date.parse(`${time}Z`) }));

  it("is the author's word where nobody else says it", () => {
    expect(found("Date: Mon, 23 Nov 2026 08:00:00 +0000", "From x")).toMatchObject({
      received_at: Date.UTC(2026, 10, 23, 8),
    });
    expect(found("Subject: a", "From x")).toMatchObject({ received_at: null });
  });

  it("stands in a From_ line, which comes back as it was written", () => {
    const at = Date.UTC(2024, 1, 3, 4, 5, 6);
    const line = formatFromLine("zoe@far.example", at);
    expect(line).toBe("From zoe@far.example Sat Feb  3 04:05:06 2024 remote from mailmesh\n");
    expect(parseFromLine(encode(line))).toEqual({ sender: "zoe@far.example", at, is_own: true });
    expect(parseFromLine(encode(formatFromLine("", at)))).toMatchObject({ sender: "", is_own: true });
    const hostile = 'From "a Sat Feb  3 04:05:06 2024 remote from mailmesh"@evil.example Sun Feb  4 04:05:06 2024';
    expect(parseFromLine(encode(hostile)).is_own).toBe(false);
  });
});

describe("names of folders", () => {
  it.each([
    [["[Gmail]", "Sent Mail"], { role: "sent", path: [] }],
    [["deleted items"], { role: "trash", path: [] }],
    [[" ", "\u202e", "a/b\u0000c"], { role: null, path: ["a-b c"] }],
    [["x".repeat(300)], { role: null, path: ["x".repeat(100)] }],
    [[], INBOX],
  ])("%j", (names, folder) => expect(folderAt(names)).toEqual(folder));

  it("are NFC and well-formed", () => {
    expect(folderName("e\u0301\ud800")).toBe("é");
    expect(folderName(`${"x".repeat(99)}😀`)).toBe("x".repeat(99));
  });

  it.each([
    ["R&AOk-unions", "Réunions"],
    ["a&-b", "a&b"],
    ["&ZeVnLIqe-", "日本語"],
    ["&broken", "&broken"],
    ["&A-", "&A-"],
  ])("%s is modified UTF-7", (coded, name) => expect(decodeModifiedUtf7(coded)).toBe(name));
});

it("a header without an end costs no more than its size", () => {
  const begin = performance.now();
  for (const header of [
    "Received: ;".repeat(200_000),
    "a:\n".repeat(500_000),
    `X-Gmail-Labels: ${'"'.repeat(1_000_000)}`,
  ]) {
    readMarks(encode(header));
  }
  expect(performance.now() - begin).toBeLessThan(2000);
});
