/** Senders whose remote images are shown without asking: and nobody who only says to be one of them. */
import { describe, expect, it } from "vitest";
import { SenderTreatment, SenderTreatmentPage } from "../../contract/sender-treatments.ts";
import { done, ok, problemAt } from "./api-answers.ts";
import { by, FAILS, newest, PASSES } from "./gateway-says.ts";
import { type Account, aDomain, aLetter, anAccount, ingest } from "./mesh.ts";
import { attemptAfter, queueForgets, send } from "./outgoing.ts";

const ZOE = "zoe@far.example";

const trust = (account: Account, sender: string) =>
  ok(account.call("POST", "/image-senders", { sender }), SenderTreatment, 201);
const trusted = async (account: Account) =>
  (await ok(account.call("GET", "/image-senders"), SenderTreatmentPage)).senders.map(({ sender }) => sender);
const choose = (account: Account, remote_images: string) => account.call("PATCH", "/settings", { remote_images });

/** What opening a letter says, of which a gateway said this. */
async function showsImages(account: Account, said: string | null, from = `Zoe <${ZOE}>`, role?: "junk") {
  await ingest(ZOE, account.email, aLetter({ from }), said === null ? {} : by(said));
  return (await newest(account, role)).message.shows_images;
}

describe("images of a sender on the list", () => {
  it("are shown in mail that is verifiably theirs", async () => {
    const alice = await anAccount();
    expect(await showsImages(alice, PASSES)).toBe(false);
    await trust(alice, "Zoe@Far.example");
    expect(await showsImages(alice, PASSES)).toBe(true);
    expect(await showsImages(alice, PASSES, "Ann <ann@far.example>")).toBe(false);
  });

  it("are shown for a whole domain with its subdomains", async () => {
    const alice = await anAccount();
    await trust(alice, "@far.example");
    expect(await showsImages(alice, PASSES)).toBe(true);
    expect(await showsImages(alice, PASSES.replaceAll("far.", "mail.far."), "News <n@mail.far.example>")).toBe(true);
  });

  it("are not shown where somebody else may have written it", async () => {
    const alice = await anAccount();
    await trust(alice, ZOE);
    expect(await showsImages(alice, FAILS("none"))).toBe(false);
    expect(await showsImages(alice, null)).toBe(false);
    expect(await showsImages(alice, "dkim=pass header.d=evil.example header.s=s1; dmarc=none; spf=none")).toBe(false);
    expect(await showsImages(alice, FAILS("quarantine"), undefined, "junk")).toBe(false);
  });

  it("are not shown in junk, and shown again when it is none", async () => {
    const alice = await anAccount();
    await trust(alice, ZOE);
    await ingest(ZOE, alice.email, aLetter(), by(PASSES));
    const { message } = await newest(alice);
    const move = async (role: "junk" | "inbox") => {
      await alice.call("PATCH", `/messages/${message.id}`, { folder_ids: [(await alice.folder(role)).id] });
      return (await alice.open(message.id)).shows_images;
    };
    expect(await move("junk")).toBe(false);
    expect(await move("inbox")).toBe(true);
  });

  it("are shown in mail from an account of the same mesh, whose sender was checked as it was handed in", async () => {
    const domain = await aDomain();
    const [alice, bob] = [await anAccount(domain, "alice"), await anAccount(domain, "bob")];
    await trust(bob, alice.email);
    queueForgets();
    await send(alice, [bob.email], { undo_seconds: 0 });
    await attemptAfter(0, alice.stub);
    expect((await newest(bob)).message.shows_images).toBe(true);
  });
});

describe("the setting for remote images", () => {
  it("shows none, whoever sent them", async () => {
    const alice = await anAccount();
    await trust(alice, ZOE);
    await choose(alice, "never");
    expect(await showsImages(alice, PASSES)).toBe(false);
  });

  it("shows all, but those of forged mail and junk", async () => {
    const alice = await anAccount();
    await choose(alice, "always");
    expect(await showsImages(alice, null)).toBe(true);
    expect(await showsImages(alice, FAILS("quarantine"), undefined, "junk")).toBe(false);
    await choose(alice, "ask");
    expect(await showsImages(alice, null)).toBe(false);
  });
});

describe("the list", () => {
  it("stands beside those of blocked and never-junk senders, and a sender comes off it", async () => {
    const alice = await anAccount();
    await trust(alice, ZOE);
    await trust(alice, "@else.example");
    await ok(alice.call("POST", "/never-junk-senders", { sender: ZOE }), SenderTreatment, 201);
    expect(await trusted(alice)).toEqual(["@else.example", ZOE]);
    await done(alice.call("DELETE", `/image-senders/${encodeURIComponent("ZOE@far.example")}`));
    expect(await trusted(alice)).toEqual(["@else.example"]);
    const others = await ok(alice.call("GET", "/never-junk-senders"), SenderTreatmentPage);
    expect(others.senders).toMatchObject([{ sender: ZOE, treatment: "never_junk" }]);
    expect(await problemAt(alice.call("DELETE", `/image-senders/${ZOE}`))).toBe("not_found");
    expect(await problemAt(alice.call("POST", "/image-senders", { sender: "@com" }))).toBe("bad_request body.sender");
  });
});
