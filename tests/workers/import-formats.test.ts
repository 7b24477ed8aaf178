/** The kinds of files that mail is kept in, through the API: each message in its folder, with its flags and its date. */
import { gzipSync } from "node:zlib";
import { makeZip } from "client-zip";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { Folder } from "../../contract/folders.ts";
import { MessagePage } from "../../contract/messages.ts";
import { ok } from "./api-answers.ts";
import { anEntry, anMbox, importFile, over, upload } from "./import-files.ts";
import { aCheckedAccount } from "./mailbox-invariants.ts";
import type { Account } from "./mesh.ts";

type Files = Record<string, string>;

const zip = async (files: Files): Promise<Uint8Array> => {
  const inputs = Object.entries(files).map(([name, input]) => ({ name, input }));
  return new Uint8Array(await new Response(makeZip(inputs)).arrayBuffer());
};

/** ustar, as every tar writes it for short names. */
function tar(files: Files): Uint8Array {
  const blocks = Object.entries(files).flatMap(([name, text]) => {
    const content = new TextEncoder().encode(text);
    const header = new Uint8Array(512);
    const put = (at: number, value: string) => header.set(new TextEncoder().encode(value), at);
    put(0, name);
    put(124, content.byteLength.toString(8).padStart(11, "0"));
    put(136, Math.floor(Date.UTC(2021, 0, 1) / 1000).toString(8));
    put(148, "        ");
    put(156, "0");
    put(257, "ustar");
    const sum = header.reduce((all, byte) => all + byte, 0);
    put(148, `${sum.toString(8).padStart(6, "0")}\0 `);
    return [header, content, new Uint8Array((512 - (content.byteLength % 512)) % 512)];
  });
  return new Uint8Array(Buffer.concat([...blocks, new Uint8Array(1024)]));
}

/** Every message: where it lies, what is marked on it, and its day. */
async function contentsOf(account: Account): Promise<string[]> {
  const folders = await ok(account.call("GET", "/folders"), z.array(Folder));
  const pathOf = (id: string | null): string => {
    const folder = folders.find((one) => one.id === id);
    return folder === undefined ? "" : `${pathOf(folder.parent_id)}/${folder.name}`;
  };
  const all = folders.find(({ role }) => role === "all")?.id;
  const { messages } = await ok(account.call("GET", `/folders/${all}/messages?limit=100`), MessagePage);
  return messages
    .map((one) => {
      const marks = `${one.is_read ? "R" : ""}${one.is_flagged ? "F" : ""}${one.is_draft ? "D" : ""}`;
      return `${one.folder_ids.map(pathOf).sort().join(" ")} ${one.subject} ${marks} ${one.received_at.slice(0, 10)}`;
    })
    .sort();
}

const MAILDIR: Files = {
  "Maildir/cur/1764035182.M1P1.host:2,S": anEntry({ subject: "a" }),
  "Maildir/new/1764035183.M1P1.host": anEntry({ subject: "b" }),
  "Maildir/.Sent.2024/cur/1764035184.M1P1.host:2,FS": anEntry({ subject: "c" }),
  "Maildir/.R&AOk-unions/cur/1764035185.M1P1.host:2,": anEntry({ subject: "d" }),
  "Maildir/.Work/cur/1764035186.M1P1.host:2,ST": anEntry({ subject: "thrown away" }),
  "Maildir/.Work/cur/4711.host:2,S": anEntry({ subject: "e" }),
  "Maildir/tmp/1764035187.M1P1.host": anEntry({ subject: "half" }),
  "Maildir/dovecot-uidlist": "3 V1",
};
const EXPECTED = [
  "/Inbox a R 2025-11-25",
  "/Inbox b  2025-11-25",
  "/Réunions d  2025-11-25",
  "/Sent/2024 c RF 2025-11-25",
  "/Work e R 2026-11-23",
].sort();

describe("a Maildir", () => {
  it.each<[string, () => Uint8Array | Promise<Uint8Array>]>([
    ["tar", () => tar(MAILDIR)],
    ["tar.gz", () => new Uint8Array(gzipSync(tar(MAILDIR)))],
    ["zip", () => zip(MAILDIR)],
  ])("as %s is brought in with its folders, flags and dates", async (_format, pack) => {
    const alice = await aCheckedAccount();
    const file = await pack();
    const imported = await importFile(alice, file, 3000);
    expect(imported).toMatchObject({ imported: 5, unreadable: 3 });
    expect(imported.report.map(({ reason }) => reason).sort()).toEqual(["deleted", "not_a_message", "not_a_message"]);
    expect(await contentsOf(alice)).toEqual(EXPECTED);
    expect(await importFile(alice, file)).toMatchObject({ imported: 0, already_here: 5 });
  });
});

describe("a zip", () => {
  it("of Gmail Takeout has its mbox inside", async () => {
    const alice = await aCheckedAccount();
    const labelled = (labels: string, subject: string) => anEntry({ extra: `X-Gmail-Labels: ${labels}\n`, subject });
    const mbox = anMbox(labelled("Inbox,Unread", "a"), labelled("Archived,Starred", "b"));
    const files = {
      "Takeout/archive_browser.html": "<html>",
      "Takeout/Mail/All mail Including Spam and Trash.mbox": mbox,
    };
    expect(await importFile(alice, await zip(files))).toMatchObject({ format: "zip", imported: 2, unreadable: 1 });
    expect(await contentsOf(alice)).toEqual(["/Archive b RF 2026-11-24", "/Inbox a  2026-11-24"]);
  });

  it("of .eml in two folders is one message in both", async () => {
    const alice = await aCheckedAccount();
    const letter = anEntry({ subject: "a" });
    expect(await importFile(alice, await zip({ "Inbox/a.eml": letter, "Work/a.eml": letter }))).toMatchObject({
      ...{ imported: 1, already_here: 1 },
    });
    expect(await contentsOf(alice)).toEqual(["/Inbox /Work a R 2026-11-23"]);
  });

  it("of a Thunderbird profile has a folder for each file", async () => {
    const alice = await aCheckedAccount();
    await importFile(
      alice,
      await zip({
        "Mail/Local Folders/Inbox": anMbox(anEntry({ subject: "a", extra: "X-Mozilla-Status: 0005\n" })),
        "Mail/Local Folders/Inbox.msf": '// <!-- <mdb:mork:z v="1.4"/> -->',
        "Mail/Local Folders/Work.sbd/2024": anMbox(anEntry({ subject: "b", extra: "X-Mozilla-Status: 0000\n" })),
      }),
    );
    expect(await contentsOf(alice)).toEqual(["/Inbox a RF 2026-11-24", "/Work/2024 b  2026-11-24"]);
  });

  it("that is cut short, or claims to be one, fails and says why", async () => {
    const alice = await aCheckedAccount();
    const whole = await zip({ "a.eml": anEntry() });
    for (const file of [whole.slice(0, -10), "PK\u0003\u0004 and no more"]) {
      const failed = await over(alice, (await upload(alice, file)).id);
      expect(failed).toMatchObject({ state: "failed", imported: 0, report: [{ reason: "cut_short" }] });
    }
  });
});

it("more folders than an account may have end in the archive, and it is said", { timeout: 60_000 }, async () => {
  const alice = await aCheckedAccount();
  const labelled = (n: number) => anEntry({ subject: String(n), extra: `X-Gmail-Labels: Label ${n}\n` });
  const imported = await importFile(alice, anMbox(...Array.from({ length: 503 }, (_, n) => labelled(n))));
  expect(imported).toMatchObject({ imported: 503, unreadable: 3 });
  expect(imported.report[0]).toMatchObject({ where: "Label 500", reason: "folder_not_made" });
  expect(await alice.folder("archive")).toMatchObject({ total: 3 });
});

it("folders that nest too deep end at the deepest that may be", async () => {
  const alice = await aCheckedAccount();
  const labels = Array.from({ length: 15 }, (_, n) => `L${n}`).join("/");
  const imported = await importFile(alice, anMbox(anEntry({ subject: "deep", extra: `X-Gmail-Labels: ${labels}\n` })));
  expect(imported.report).toMatchObject([{ where: "L10", reason: "folder_not_made" }]);
  expect(await contentsOf(alice)).toEqual(["/L0/L1/L2/L3/L4/L5/L6/L7/L8/L9 deep R 2026-11-24"]);
});
