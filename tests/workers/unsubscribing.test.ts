/** Leaving a list that mail comes over. */
import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { Unsubscribed } from "../../contract/list-unsubscribe.ts";
import { ok, problemOf } from "./api-answers.ts";
import { type Account, aLetter, anAccount, eventually, fetchMesh, INGEST_SECRET } from "./mesh.ts";
import { aHost, askedOf, brokenOff, outsideAnswers } from "./outside.ts";

interface Mailing {
  list?: string;
  post?: string | null;
  /** The fields that the signature covers; null for none. */
  covers?: string | null;
  dkim?: "pass" | "fail";
}

/** As the gateway hands it over, with the verdict on its signature. */
async function mailing(account: Account, { list, post, covers, dkim = "pass" }: Mailing): Promise<string> {
  const signed = covers === undefined ? "from:list-unsubscribe:list-unsubscribe-post" : covers;
  const extra = [
    ...(signed === null ? [] : [`DKIM-Signature: v=1; a=rsa-sha256; d=far.example; s=k1;\r\n h=${signed}; bh=x; b=y`]),
    ...(list === undefined ? [] : [`List-Unsubscribe: ${list}`]),
    ...(post === null ? [] : [`List-Unsubscribe-Post: ${post ?? "List-Unsubscribe=One-Click"}`]),
  ];
  const query = new URLSearchParams({ from: "bounce@far.example", to: account.email });
  const answer = await fetchMesh(`/ingest?${query}`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${INGEST_SECRET}`,
      "authentication-results": `mx.test; dkim=${dkim} header.d=far.example header.s=k1`,
    },
    body: aLetter({ extra: extra.map((line) => `${line}\r\n`).join("") }),
  });
  expect(answer.status).toBe(200);
  const [newest] = await account.messages();
  return newest?.id ?? "";
}

const leave = (account: Account, id: string) => ok(account.call("POST", `/messages/${id}/unsubscribe`), Unsubscribed);

describe("what a mailing says of leaving it", () => {
  it.each<[string, Mailing, [boolean, boolean, boolean] | null]>([
    ["one click", { list: "<https://l.example/u>, <mailto:u@l.example>" }, [true, true, true]],
    ["one click, folded", { list: "<https://l.example/\r\n u>" }, [true, true, false]],
    ["a page", { list: "<https://l.example/u>", post: null }, [false, true, false]],
    ["one click over http", { list: "<http://l.example/u>" }, [false, true, false]],
    ["one click in another word", { list: "<https://l.example/u>", post: "yes" }, [false, true, false]],
    ["one click without a signature", { list: "<https://l.example/u>", covers: null }, [false, true, false]],
    [
      "one click that is not covered",
      { list: "<https://l.example/u>", covers: "from:list-unsubscribe" },
      [false, true, false],
    ],
    ["one click under a broken signature", { list: "<https://l.example/u>", dkim: "fail" }, [false, true, false]],
    [
      "two fields of it",
      { list: "<https://l.example/u>\r\nList-Unsubscribe: <https://evil.example>" },
      [false, true, false],
    ],
    ["a mail", { list: "<mailto:u@l.example?subject=off>" }, [false, false, true]],
    ["nothing", {}, null],
    ["a script", { list: "<javascript:alert(1)>" }, null],
    ["nonsense", { list: "off, <<>>, <https://>, <mailto:>" }, null],
  ])("%s", async (_what, letter, expected) => {
    const alice = await anAccount();
    const { list_unsubscribe: list } = await alice.open(await mailing(alice, letter));
    expect(list && [list.one_click !== null, list.web !== null, list.mailto !== null]).toEqual(expected);
  });
});

describe("leaving", () => {
  it("by one click asks the list once, and says nothing of who asks", async () => {
    const [alice, host] = [await anAccount(), aHost()];
    await outsideAnswers(`https://${host}/u?id=7`, { status: 200 });
    const id = await mailing(alice, { list: `<https://${host}/u?id=7>` });
    expect(await askedOf(host)).toEqual([]);
    expect(await leave(alice, id)).toMatchObject({ outcome: "unsubscribed", url: null });
    expect(await leave(alice, id)).toMatchObject({ outcome: "done_before" });
    const asked = await askedOf(host);
    expect(asked).toMatchObject([{ method: "POST", body: "List-Unsubscribe=One-Click" }]);
    expect(asked[0]?.headers["content-type"]).toBe("application/x-www-form-urlencoded");
    for (const name of ["cookie", "referer", "authorization"]) expect(asked[0]?.headers).not.toHaveProperty(name);
    expect((await alice.open(id)).keywords).toContain("$unsubscribed");
  });

  it("is done where the list took it, though the rest of its answer breaks off", async () => {
    const alice = await anAccount();
    const id = await mailing(alice, { list: `<https://${aHost()}/u>` });
    vi.spyOn(env.OUTSIDE ?? globalThis, "fetch").mockResolvedValueOnce(brokenOff({ status: 200 }));
    expect(await leave(alice, id)).toMatchObject({ outcome: "unsubscribed" });
  });

  it.each([500, 404, 302])("names the page where the list answers %i", async (status) => {
    const [alice, host] = [await anAccount(), aHost()];
    const headers = { location: `https://${host}/elsewhere` };
    await outsideAnswers(`https://${host}/u`, { status, headers });
    const id = await mailing(alice, { list: `<https://${host}/u>` });
    const answer = await leave(alice, id);
    expect(answer).toMatchObject({ outcome: "open_page", url: `https://${host}/u` });
    expect(answer.words).toContain(`${status}`);
    expect(await askedOf(host)).toHaveLength(1);
    expect((await alice.open(id)).keywords).toEqual([]);
  });

  it.each(["https://127.0.0.1/u", "https://169.254.169.254/u", "https://router.local/u", "https://l.example:8443/u"])(
    "never asks %s",
    async (address) => {
      const alice = await anAccount();
      const id = await mailing(alice, { list: `<${address}>` });
      expect(await leave(alice, id)).toMatchObject({ outcome: "open_page", url: address });
    },
  );

  it("by mail asks from the address that is on the list, once", async () => {
    const [alice, list] = [await anAccount(), await anAccount()];
    const address = `mailto:${encodeURIComponent(list.email)}?subject=leave%20me&bcc=victim@far.example&body=please`;
    const id = await mailing(alice, { list: `<${address}>` });
    const [one, other] = await Promise.all([leave(alice, id), leave(alice, id)]);
    expect([one.outcome, other.outcome].sort()).toEqual(["done_before", "mail_sent"]);
    const [asked] = await eventually(async () => {
      const all = await list.messages();
      return all.length > 0 && all;
    });
    const opened = await list.open(asked?.id ?? "");
    expect(opened).toMatchObject({ subject: "leave me", return_path: alice.email, bcc: [], cc: [] });
    expect(opened.from?.email).toBe(alice.email);
    expect(opened.body.trim()).toBe("please");
    expect(await list.messages()).toHaveLength(1);
  });

  it("goes by mail where the click fails", async () => {
    const [alice, list, host] = [await anAccount(), await anAccount(), aHost()];
    const id = await mailing(alice, { list: `<https://${host}/gone>, <mailto:${list.email}>` });
    expect(await leave(alice, id)).toMatchObject({ outcome: "mail_sent", submission_id: expect.any(String) });
  });

  it("is not for letters, strangers' messages, or nobody's", async () => {
    const [alice, bob] = [await anAccount(), await anAccount()];
    const id = await mailing(alice, {});
    expect((await problemOf(alice.call("POST", `/messages/${id}/unsubscribe`))).reason).toBe("conflict");
    const theirs = await mailing(bob, { list: "<https://l.example/u>", post: null });
    expect((await problemOf(alice.call("POST", `/messages/${theirs}/unsubscribe`))).reason).toBe("not_found");
    expect((await problemOf(alice.call("POST", "/messages/x%20y/unsubscribe"))).reason).toBe("not_found");
    expect((await fetchMesh(`/v1/messages/${id}/unsubscribe`, { method: "POST" })).status).toBe(401);
  });
});
