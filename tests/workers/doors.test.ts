/** What the doors take and what they refuse, the same at both. */
import { describe, expect, it } from "vitest";
import { IngestReply } from "../../contract/ingest.ts";
import { MAX_MESSAGE_BYTES } from "../../contract/limits.ts";
import { sha256Hex } from "../../mail/fingerprint.ts";
import { ask, short } from "./answers.ts";
import { problemAt } from "./api-answers.ts";
import { DOORS } from "./doors.ts";
import { aDomain, aLetter, anAccount, fetchMesh, INGEST_SECRET, ingest, lines } from "./mesh.ts";

const ZOE = "zoe@far.example";

/** A message of exactly so many bytes. */
function letterOf(size: number): Uint8Array<ArrayBuffer> {
  const head = new TextEncoder().encode(
    lines(`From: ${ZOE}`, "Subject: Large", `Message-ID: <${crypto.randomUUID()}@far.example>`, ""),
  );
  const bytes = new Uint8Array(size).fill(120);
  bytes.set(head);
  for (let at = head.byteLength; at + 78 <= size; at += 78) bytes.set([13, 10], at + 76);
  return bytes;
}

describe.each(DOORS)("mail through %s", (_name, door) => {
  it("goes where the envelope says, whomever the To field names", async () => {
    const domain = await aDomain();
    const [alice, bob] = [await anAccount(domain, "alice"), await anAccount(domain, "bob")];
    expect(await door(ZOE, [bob.email], aLetter({ to: alice.email, subject: "To says Alice" }))).toEqual(["accepted"]);
    expect(await door(ZOE, [alice.email], aLetter({ to: "list@lists.example", subject: "Through a list" }))).toEqual([
      "accepted",
    ]);
    expect((await bob.messages()).map(({ subject }) => subject)).toEqual(["To says Alice"]);
    expect((await alice.messages()).map(({ subject }) => subject)).toEqual(["Through a list"]);
  });

  it("may have a null sender, or none of the fields that a message should have", async () => {
    const alice = await anAccount();
    expect(await door("", [alice.email], aLetter({ subject: "A bounce" }))).toEqual(["accepted"]);
    expect(await door(ZOE, [alice.email], "no header at all")).toEqual(["accepted"]);
    const [bare, bounce] = await alice.messages();
    expect(bounce?.subject).toBe("A bounce");
    expect(await alice.open(bounce?.id ?? "")).toMatchObject({ return_path: "", delivered_to: [alice.email] });
    expect((await alice.open(bare?.id ?? "")).body).toContain("no header at all");
  });

  it("reaches each of several recipients", async () => {
    const domain = await aDomain();
    const everyone = await Promise.all(["a", "b", "c"].map((name) => anAccount(domain, name)));
    const outcomes = await door(ZOE, [...everyone.map(({ email }) => email), `nobody@${domain}`], aLetter());
    expect(outcomes).toEqual(["accepted", "accepted", "accepted", "550 5.1.1"]);
    for (const account of everyone) {
      const [message] = await account.messages();
      expect((await account.open(message?.id ?? "")).delivered_to).toEqual([account.email]);
    }
  });

  it("to two addresses of one account is one copy that lists both", async () => {
    const { email, ...alice } = await anAccount();
    const tagged = email.replace("@", "+news@");
    expect(await door(ZOE, [tagged, email, email], aLetter())).toEqual(["accepted", "accepted", "accepted"]);
    const [message, ...others] = await alice.messages();
    expect(others).toEqual([]);
    expect((await alice.open(message?.id ?? "")).delivered_to).toEqual([tagged, email]);
  });

  it("is refused for a mailbox that is not here, a domain that is not ours, an address that is none", async () => {
    const domain = await aDomain();
    const outcomes = await door(
      ZOE,
      [`nobody@${domain}`, "bob@elsewhere.example", `a b@${domain}`, "x@[192.0.2.1]"],
      aLetter(),
    );
    expect(outcomes).toEqual(["550 5.1.1", "550 5.7.1", "553 5.1.3", "553 5.1.3"]);
  });

  it("is refused when it is one byte too large, and taken when it is not", async () => {
    const alice = await anAccount();
    expect(await door(ZOE, [alice.email], letterOf(MAX_MESSAGE_BYTES + 1))).toEqual(["552 5.3.4"]);
    expect(await alice.messages()).toEqual([]);
    const largest = letterOf(MAX_MESSAGE_BYTES);
    expect(await door(ZOE, [alice.email], largest)).toEqual(["accepted"]);
    const [message] = await alice.messages();
    const raw = await (await alice.call("GET", `/messages/${message?.id}/raw`)).bytes();
    expect(await sha256Hex(raw.slice(raw.byteLength - largest.byteLength))).toBe(await sha256Hex(largest));
  });

  it("is refused when it goes round in circles", async () => {
    const alice = await anAccount();
    const received = (hops: number) =>
      aLetter({ extra: "Received: from a by b; Tue, 24 Nov 2026 03:00:00 +0000\r\n".repeat(hops) });
    expect(await door(ZOE, [alice.email], received(51))).toEqual(["554 5.4.6"]);
    expect(await door(ZOE, [alice.email], received(50))).toEqual(["accepted"]);
  });
});

describe("the ingest door", () => {
  const call = (query: string, init: RequestInit = {}, secret = INGEST_SECRET) =>
    fetchMesh(`/ingest${query}`, { ...init, headers: { authorization: `Bearer ${secret}` } });

  it("is closed without the ingest secret", async () => {
    const alice = await anAccount();
    const query = `?from=&to=${alice.email}`;
    for (const secret of ["", "wrong", `${INGEST_SECRET}x`, alice.token]) {
      expect(await problemAt(call(query, { method: "POST", body: aLetter() }, secret))).toBe("unauthenticated");
      expect(await problemAt(call(query, {}, secret))).toBe("unauthenticated");
    }
    expect(await problemAt(fetchMesh(`/ingest${query}`))).toBe("unauthenticated");
    expect(await alice.messages()).toEqual([]);
  });

  it("says what is wrong with an envelope, and where", async () => {
    const long = "a".repeat(255);
    const wrong: [query: string, at: string][] = [
      ["", "query.from query.to"],
      ["?from=", "query.to"],
      ["?to=a@b.test", "query.from"],
      ["?from=&to=", "query.to.0"],
      [`?from=${long}&to=a@b.test&to=${long}`, "query.from query.to.1"],
      [`?from=${"&to=a@b.test".repeat(101)}`, "query.to"],
      ["?from=&to=a@b.test&protocol=evil%0d%0a", "query.protocol"],
      ["?from=a%0d%0aX-Evil:1@b.test&to=a@b.test", "query.from"],
      ["?from=&to=a@b.test&to=a%00@b.test", "query.to.1"],
      [
        `?from=&to=a@b.test&helo=${"a".repeat(256)}&remote_address=${"1".repeat(46)}`,
        "query.helo query.remote_address",
      ],
    ];
    for (const [query, at] of wrong) {
      expect(`${query} ${await problemAt(call(query, { method: "POST", body: "x" }))}`).toBe(
        `${query} bad_request ${at}`,
      );
    }
  });

  it("answers a question without delivering anything", async () => {
    const { email, ...alice } = await anAccount();
    const nobody = email.replace("alice", "nobody");
    expect(await ask(email, nobody, "bob@elsewhere.example")).toEqual(["accepted", "550 5.1.1", "550 5.7.1"]);
    expect(await alice.messages()).toEqual([]);
  });

  it("takes a message without a byte", async () => {
    const alice = await anAccount();
    const answer = await call(`?from=&to=${alice.email}`, { method: "POST" });
    expect(short(IngestReply.parse(await answer.json()).recipients)).toEqual(["accepted"]);
    const [message] = await alice.messages();
    expect(message).toMatchObject({ subject: "", from: null });
    const { body, parse_note } = await alice.open(message?.id ?? "");
    expect({ body, parse_note }).toEqual({ body: "", parse_note: expect.stringContaining("empty") });
  });

  it("takes a hundred recipients at once", async () => {
    const domain = await aDomain();
    const alice = await anAccount(domain);
    const recipients = Array.from({ length: 100 }, (_, n) => (n === 42 ? alice.email : `nobody${n}@${domain}`));
    const outcomes = short(await ingest(ZOE, recipients, aLetter()));
    expect(outcomes.filter((outcome) => outcome === "accepted")).toHaveLength(1);
    expect(outcomes[42]).toBe("accepted");
  });
});
