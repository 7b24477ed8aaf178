/**
 * What was seen to go wrong on other mail services of this platform, each tried here. Every test says how the peer does
 * it, and fails when we do it that way.
 */
import { describe, expect, it } from "vitest";
import { MessagePage, Sent, Thread } from "../../contract/messages.ts";
import { Submission } from "../../contract/submissions.ts";
import { ok } from "./api-answers.ts";
import { aDomain, aLetter, anAccount, eventually, fetchMesh, ingest, lines } from "./mesh.ts";

describe("mail is delivered by its envelope", () => {
  it("also when the To field names somebody else, as in Bcc and from a list", async () => {
    // The peer looks for its user in the To header, and drops what is not addressed there.
    const alice = await anAccount();
    await ingest("list@far.example", alice.email, aLetter({ to: "users@list.example", subject: "From a list" }));
    await ingest("zoe@far.example", alice.email, aLetter({ to: "undisclosed-recipients:;", subject: "Blind copy" }));
    expect((await alice.messages()).map(({ subject }) => subject)).toEqual(["Blind copy", "From a list"]);
  });

  it("and not to whom the To field names", async () => {
    const domain = await aDomain();
    const [alice, bob] = [await anAccount(domain, "alice"), await anAccount(domain, "bob")];
    await ingest("zoe@far.example", alice.email, aLetter({ to: bob.email }));
    expect(await bob.messages()).toEqual([]);
  });
});

describe("bytes are bytes", () => {
  it("an 8-bit body comes back as it came", async () => {
    // The peer decodes the raw stream as UTF-8, and every other byte becomes U+FFFD.
    const alice = await anAccount();
    const header = lines(
      "From: zoe@far.example",
      "Subject: 8bit",
      "Content-Type: text/plain; charset=koi8-r",
      "Content-Transfer-Encoding: 8bit",
      "",
    );
    const body = Uint8Array.of(0xf0, 0xd2, 0xc9, 0xd7, 0xc5, 0xd4, 13, 10);
    const raw = new Uint8Array([...new TextEncoder().encode(header), ...body]);
    await ingest("zoe@far.example", alice.email, raw);
    const [message] = await alice.messages();
    expect((await alice.open(message?.id ?? "")).body.trim()).toBe("Привет");
    const given = new Uint8Array(await (await alice.call("GET", `/messages/${message?.id}/raw`)).arrayBuffer());
    expect(given.subarray(given.length - raw.length)).toEqual(raw);
  });
});

describe("a message is there once", () => {
  it("when it is delivered twice", async () => {
    // The peer inserts a row for each delivery.
    const alice = await anAccount();
    const letter = aLetter();
    await ingest("zoe@far.example", alice.email, letter);
    await ingest("zoe@far.example", alice.email, `Received: from a by b; Tue, 24 Nov 2026 04:00:00 +0000\r\n${letter}`);
    expect(await alice.messages()).toHaveLength(1);
  });

  it("for each of two users, although both copies have the same Message-ID", async () => {
    // The peer has a unique index on Message-ID: the second user's copy is swallowed.
    const domain = await aDomain();
    const [alice, bob] = [await anAccount(domain, "alice"), await anAccount(domain, "bob")];
    const letter = aLetter();
    await ingest("zoe@far.example", alice.email, letter);
    await ingest("zoe@far.example", bob.email, letter);
    expect([await alice.messages(), await bob.messages()].map((messages) => messages.length)).toEqual([1, 1]);
  });

  it("beside another with the same Message-ID", async () => {
    // Whoever knows a Message-ID could keep the real message out by sending his own first.
    const alice = await anAccount();
    await ingest("mallory@evil.example", alice.email, aLetter({ id: "known@far.example", body: "Fake." }));
    await ingest("zoe@far.example", alice.email, aLetter({ id: "known@far.example", body: "Real." }));
    expect((await alice.messages()).map(({ preview }) => preview)).toEqual(["Real.", "Fake."]);
  });
});

describe("sizes that break queries", () => {
  it("a thread of 105 messages opens", async () => {
    // The peer binds one parameter a message, and a statement takes 100.
    const alice = await anAccount();
    for (let n = 0; n < 105; n++) {
      const extra = n === 0 ? "" : `References: <long-0@far.example>\r\nIn-Reply-To: <long-${n - 1}@far.example>\r\n`;
      await ingest("zoe@far.example", alice.email, aLetter({ id: `long-${n}@far.example`, extra, to: alice.email }));
    }
    const [{ thread_id } = { thread_id: "" }] = await alice.messages();
    const first = await ok(alice.call("GET", `/threads/${thread_id}?limit=100`), Thread);
    const rest = await ok(alice.call("GET", `/threads/${thread_id}?limit=100&cursor=${first.next_cursor}`), Thread);
    expect([first.messages.length, rest.messages.length, rest.next_cursor]).toEqual([100, 5, null]);
  });

  it("a search of more than 48 bytes finds", async () => {
    // The peer puts the user's text into LIKE, whose pattern may be 50 bytes.
    const alice = await anAccount();
    const long = "quarterly reconciliation of outstanding international invoices";
    await ingest("zoe@far.example", alice.email, aLetter({ body: `About the ${long}.` }));
    const page = await ok(alice.call("GET", `/search?q=${encodeURIComponent(`"${long}"`)}`), MessagePage);
    expect(page.messages).toHaveLength(1);
  });
});

describe("what is shown as sent", () => {
  it("was sent: until then the submission says what it is, and a failure is told", async () => {
    // The peer answers "sent" at once and only logs what the relay says.
    const alice = await anAccount();
    const nobody = `nobody@${alice.email.split("@")[1]}`;
    const sent = await ok(alice.call("POST", "/messages", { to: [{ email: nobody }], subject: "Anyone?" }), Sent, 202);
    const state = await eventually(async () => {
      const submission = await ok(alice.call("GET", `/submissions/${sent.submission_id}`), Submission);
      expect(submission.state).not.toBe("sent");
      return submission.state === "failed" && submission.recipients[0]?.reply;
    });
    expect(state).toContain("5.1.1");
    const [report] = await eventually(async () => {
      const messages = await alice.messages();
      return messages.length > 0 && messages;
    });
    expect((await alice.open(report?.id ?? "")).body).toContain(nobody);
  });
});

describe("strangers are not trusted", () => {
  it("with their own Authentication-Results", async () => {
    // The peer reads the first field of that name, which the sender wrote.
    const alice = await anAccount();
    const extra = "Authentication-Results: mailmesh.invalid; spf=pass; dkim=pass; dmarc=pass\r\n";
    await ingest("mallory@evil.example", alice.email, aLetter({ extra, from: "Your Bank <service@bank.example>" }));
    const [message] = await alice.messages();
    expect((await alice.open(message?.id ?? "")).authentication).toBeNull();
  });

  it("with attachments that open without a login, or run as a page", async () => {
    // The peer serves attachments inline, to anybody who knows the address.
    const alice = await anAccount();
    const letter = lines(
      ...[
        "From: mallory@evil.example",
        "Subject: page",
        "MIME-Version: 1.0",
        "Content-Type: multipart/mixed; boundary=b",
        "",
        "--b",
        "",
        "text",
      ],
      ...[
        "--b",
        'Content-Type: text/html; name="page.html"',
        "Content-Disposition: attachment",
        "",
        "<script>alert(1)</script>",
        "--b--",
      ],
    );
    await ingest("mallory@evil.example", alice.email, letter);
    const [message] = await alice.messages();
    const path = `/messages/${message?.id}/attachments/0`;
    expect((await fetchMesh(`/v1${path}`)).status).toBe(401);
    const { headers } = await alice.call("GET", path);
    expect(headers.get("content-type")).toBe("application/octet-stream");
    expect(headers.get("content-disposition")).toMatch(/^attachment;/);
    expect(headers.get("content-security-policy")).toMatch(/^sandbox/);
    expect(headers.get("x-content-type-options")).toBe("nosniff");
  });

  it("with a Message-ID that they quote", async () => {
    const alice = await anAccount();
    await ingest(
      "zoe@far.example",
      alice.email,
      aLetter({ id: "secret@far.example", to: alice.email, subject: "Plans" }),
    );
    const extra = "In-Reply-To: <secret@far.example>\r\n";
    await ingest(
      "mallory@evil.example",
      alice.email,
      aLetter({ extra, from: "mallory@evil.example", to: alice.email, subject: "Re: Plans" }),
    );
    const [graft, plans] = await alice.messages();
    expect(graft?.thread_id).not.toBe(plans?.thread_id);
  });
});
