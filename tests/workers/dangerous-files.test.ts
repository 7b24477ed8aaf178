/** Files that come in with mail: what each is, by its content, and what its reader is told of it. */
import { describe, expect, it } from "vitest";
import { type AnAttachment, letterOf } from "../../mail/screening/attached.test-support.ts";
import { EICAR } from "../../mail/screening/file-bytes.ts";
import { zipOf } from "../../mail/screening/zip.test-support.ts";
import { short } from "./answers.ts";
import { type Account, aDomain, aLetter, anAccount, asAdmin, ingest } from "./mesh.ts";

const latin1 = (text: string) => new Uint8Array(Buffer.from(text, "latin1"));
const PE = latin1(`MZ\x90\0${"\0".repeat(60)}This program cannot be run in DOS mode.`);
const PDF = latin1("%PDF-1.7\n1 0 obj\n");
const file = (filename: string, content: Uint8Array, type = "application/octet-stream"): AnAttachment => ({
  ...{ filename, content, type },
});

async function receive(account: Account, raw: string | Uint8Array) {
  expect(short(await ingest("zoe@far.example", account.email, raw))).toEqual(["accepted"]);
  const [newest] = await account.messages();
  return account.open(newest?.id ?? "");
}

const allow = (domain: string, refused_attachments: string[]) =>
  asAdmin("PATCH", `/domains/${domain}/policy`, { refused_attachments });

describe("a message with files", () => {
  it("says that nobody scanned it, and nothing else where there is nothing to say", async () => {
    const alice = await anAccount();
    const { attachment_scan, warnings } = await receive(alice, letterOf(file("a.pdf", PDF, "application/pdf")));
    expect(attachment_scan).toEqual({ scanner: { state: "not_configured", found: null }, files: [] });
    expect(warnings).toEqual([]);
    expect((await receive(alice, aLetter())).attachment_scan).toBe(null);
  });

  it("says what its files are, whatever they are called, and what is dangerous about them", async () => {
    const alice = await anAccount();
    const { attachment_scan, warnings, attachments } = await receive(
      alice,
      letterOf(
        file("report.bin", PDF),
        file("holiday.jpg", PE, "image/jpeg"),
        file("bill.pdf", latin1("<!DOCTYPE html><form>"), "application/pdf"),
        file("notes.txt", latin1("text"), "text/plain"),
        file("a.zip", zipOf([{ name: "x", content: latin1("x"), encrypted: true }]), "application/zip"),
      ),
    );
    expect(
      attachment_scan?.files.map(({ n, detected_type, dangers }) => [n, detected_type, dangers[0]?.danger]),
    ).toEqual([
      [0, "application/pdf", undefined],
      [1, "application/x-msdownload", "program"],
      [2, "text/html", "type_differs"],
      [4, "application/zip", "encrypted_archive"],
    ]);
    expect(warnings.map(({ reason, subject }) => [reason, subject])).toEqual([
      ["dangerous_attachment", "holiday.jpg"],
      ["dangerous_attachment", "bill.pdf"],
      ["dangerous_attachment", "a.zip"],
    ]);
    expect(warnings[0]?.words).toBe("“holiday.jpg” is a program (Windows or DOS).");
    expect(attachments[1]?.filename).toBe("holiday.jpg");
  });

  it.each([
    ["../../etc/passwd.exe", "program"],
    ["invoice\u202egpj.scr", "disguised_name"],
    ["a\u0000b.exe", "program"],
    [`${"a".repeat(5000)}.exe`, "program"],
    ["invoice.pdf                                        .exe", "double_extension"],
    ['"; filename=innocent.txt.js', "double_extension"],
    ["\ud800.vbs", "script"],
  ])("is told of the name %j", async (name, danger) => {
    const alice = await anAccount();
    const { attachment_scan, warnings } = await receive(alice, letterOf(file(name, latin1("x"))));
    expect(attachment_scan?.files[0]?.dangers.map((found) => found.danger)).toContain(danger);
    expect(warnings).toMatchObject([{ reason: "dangerous_attachment" }]);
  });

  it("may have a thousand of them", async () => {
    const alice = await anAccount();
    const many = Array.from({ length: 1000 }, (_, n) => file(`${n}.dat`, n === 777 ? PE : latin1(`${n}`)));
    const { attachment_scan, warnings, attachments } = await receive(alice, letterOf(...many));
    expect(attachments.length).toBeGreaterThan(990);
    expect(attachment_scan?.files).toMatchObject([{ n: 777, dangers: [{ danger: "program" }] }]);
    expect(warnings).toMatchObject([{ subject: "777.dat" }]);
  });

  it("may make a bomb of them", async () => {
    const alice = await anAccount();
    const bomb = zipOf([{ name: "zeros.zip", content: new Uint8Array(20_000_000), deflated: true }]);
    const bombs = zipOf(Array.from({ length: 20 }, (_, n) => ({ name: `${n}.zip`, content: bomb })));
    const { attachment_scan, warnings } = await receive(alice, letterOf(file("a.zip", bombs)));
    expect(attachment_scan?.files).toMatchObject([{ n: 0, dangers: [{ danger: "unreadable_archive" }] }]);
    expect(warnings).toEqual([]);
  });
});

describe("the domain's policy", () => {
  const eicar = zipOf([
    { name: "inner.zip", content: zipOf([{ name: "a.txt", content: latin1(EICAR), deflated: true }]) },
  ]);

  it("refuses a virus in a zip in a zip while its sender listens, in an attached message too", async () => {
    const alice = await anAccount();
    const letter = letterOf(file("outer.zip", eicar, "application/zip"));
    const forwarded = letterOf(file("fwd.eml", letter, "message/rfc822"));
    for (const raw of [letter, forwarded]) {
      const [outcome] = await ingest("zoe@far.example", alice.email, raw);
      expect(outcome).toMatchObject({ reason: "dangerous_attachment", smtp: { code: 550, status: "5.7.1" } });
    }
    expect(await alice.messages()).toEqual([]);
  });

  it("takes and marks what it does not refuse", async () => {
    const domain = await aDomain();
    const alice = await anAccount(domain);
    await allow(domain, []);
    const { attachment_scan, warnings } = await receive(alice, letterOf(file("outer.zip", eicar)));
    expect(attachment_scan?.files).toMatchObject([{ n: 0, dangers: [{ danger: "virus" }] }]);
    expect(warnings).toMatchObject([{ reason: "dangerous_attachment", subject: "outer.zip" }]);
  });

  it.each([
    ["program", file("a.jpg", PE)],
    ["script", file("a.js", latin1("x"))],
    ["script", file("a.pdf.js", latin1("x"))],
    ["encrypted_archive", file("a.zip", zipOf([{ name: "x", content: latin1("x"), encrypted: true }]))],
    ["macros", file("a.docm", zipOf([{ name: "word/vbaProject.bin", content: latin1("x") }]))],
    ["double_extension", file("a.pdf.exe", latin1("x"))],
    ["disguised_name", file("a\u202efdp.txt", latin1("x"))],
    ["type_differs", file("a.jpg", zipOf([]))],
    ["unreadable_archive", file("a.zip", latin1("x"))],
  ])("may refuse %s", async (danger, attachment) => {
    const domain = await aDomain();
    const alice = await anAccount(domain);
    const send = async () => short(await ingest("zoe@far.example", alice.email, letterOf(attachment)));
    expect(await send()).toEqual(["accepted"]);
    await allow(domain, [danger]);
    expect(await send()).toEqual(["550 5.7.1"]);
  });
});
