import { describe, expect, it } from "vitest";
import { problemAt } from "./api-answers.ts";
import { aCheckedAccount } from "./mailbox-invariants.ts";
import { type Account, ingest, lines } from "./mesh.ts";

interface Part {
  type?: string;
  name?: string;
  disposition?: string;
  content: string;
}

/** A message with attachments, each in base64. */
function withAttachments(...parts: Part[]): string {
  const body = parts.map(({ type = "application/octet-stream", name = "a.bin", disposition, content }) =>
    lines(
      "--cut",
      `Content-Type: ${type}`,
      `Content-Disposition: ${disposition ?? `attachment; filename="${name}"`}`,
      "Content-Transfer-Encoding: base64",
      "",
      Buffer.from(content).toString("base64"),
    ),
  );
  const text = lines("--cut", "Content-Type: text/plain", "", "See attached.");
  return `${lines("From: z@far.example", "MIME-Version: 1.0", "Content-Type: multipart/mixed; boundary=cut", "")}${text}${body.join("")}--cut--\r\n`;
}

async function received(account: Account, raw: string) {
  await ingest("zoe@far.example", account.email, raw);
  const [newest] = await account.messages();
  return account.open(newest?.id ?? "");
}

const attachment = (account: Account, id: string, n: number | string) =>
  account.call("GET", `/messages/${id}/attachments/${n}`);

describe("an attachment", () => {
  it("gives its exact bytes under the number that the message says", async () => {
    const alice = await aCheckedAccount();
    const bytes = String.fromCharCode(...Array.from({ length: 256 }, (_, n) => n));
    const message = await received(
      alice,
      withAttachments({ content: "first", name: "one.txt", type: "text/plain" }, { content: bytes, name: "two.bin" }),
    );
    expect(message.attachments).toMatchObject([
      { n: 0, filename: "one.txt", content_type: "text/plain", size: 5, disposition: "attachment" },
      { n: 1, filename: "two.bin", content_type: "application/octet-stream", size: Buffer.from(bytes).length },
    ]);
    expect(message).toMatchObject({ has_attachment: true, body: expect.stringContaining("See attached.") });
    for (const { n, size } of message.attachments) {
      const answer = await attachment(alice, message.id, n);
      const content = Buffer.from(await answer.arrayBuffer());
      expect(content).toHaveLength(size);
      expect(content.toString()).toBe(["first", bytes][n]);
    }
  });

  it("is a download that no browser shows, guesses at or runs", async () => {
    const alice = await aCheckedAccount();
    const active = [
      "text/html",
      "TEXT/HTML",
      "image/svg+xml",
      "application/xhtml+xml",
      "text/xml",
      "text/javascript",
      "application/pdf",
      "message/rfc822; x",
      "nonsense",
      "text/html\u0000",
    ];
    const script = "<svg onload=alert(1)><script>alert(1)</script>";
    const message = await received(
      alice,
      withAttachments(...active.map((type) => ({ type, content: script, name: "x.html" }))),
    );
    expect(message.attachments).toHaveLength(active.length);
    for (const { n } of message.attachments) {
      const { status, headers } = await attachment(alice, message.id, n);
      expect(status).toBe(200);
      expect(headers.get("content-type")).not.toMatch(/html|svg|xml|script|pdf/i);
      expect(headers.get("content-disposition")).toMatch(/^attachment;/);
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.get("content-security-policy")).toMatch(/sandbox.*default-src 'none'/);
      expect(headers.get("cache-control")).toContain("private");
    }
  });

  it("has a name that stays inside its header", async () => {
    const alice = await aCheckedAccount();
    const written = [
      'filename="a\\"; filename=evil.exe; x=\\"b.txt"',
      "filename*=UTF-8''%0d%0aSet-Cookie:%20a=b",
      "filename*=UTF-8''%E8%AB%8B%E6%B1%82%E6%9B%B8.pdf",
      "filename*=UTF-8''..%2f..%2fetc%2fpasswd",
      'filename="=?utf-8?q?=22=0D=0AX-Evil:_1?="',
      "filename*=UTF-8''%ED%A0%80.txt",
      `filename="${"n".repeat(5_000)}"`,
      "filename*=UTF-8''%E2%80%AEtxt.exe",
      'filename=""',
    ];
    const message = await received(
      alice,
      withAttachments(...written.map((value) => ({ content: "x", disposition: `attachment; ${value}` }))),
    );
    expect(message.attachments).toHaveLength(written.length);
    for (const { n, filename } of message.attachments) {
      const { status, headers } = await attachment(alice, message.id, n);
      expect(status).toBe(200);
      const [, plain, encoded] =
        /^attachment; filename="([\w. -]*)"; filename\*=UTF-8''([\w!#$&+.^`|~%-]*)$/.exec(
          headers.get("content-disposition") ?? "",
        ) ?? [];
      expect(plain).toBeDefined();
      expect(decodeURIComponent(encoded ?? "")).toBe(filename);
      expect(headers.get("set-cookie") ?? headers.get("x-evil")).toBeNull();
      expect(filename).not.toMatch(/[/\\\p{Cc}]/u);
    }
  });

  it("that the message does not have is not found", async () => {
    const alice = await aCheckedAccount();
    const { id } = await received(alice, withAttachments({ content: "x" }));
    for (const n of [1, 2 ** 31, 1e21, -1, 0.5, "x", "0x0", "%00", "00", ""]) {
      const answer = await attachment(alice, id, n);
      // `00` and `0x0` are 0, and that is there.
      if (answer.status === 200) expect(Number(n)).toBe(0);
      else expect(`${n}: ${await problemAt(answer)}`).toBe(`${n}: not_found`);
    }
  });
});
