/** Whom the owner knows: people written to, and nobody who only wrote. */
import { asc } from "drizzle-orm";
import { expect, it } from "vitest";
import { Sent } from "../../contract/messages.ts";
import { isCorrespondent } from "../../durable-objects/mailbox/correspondents.ts";
import { correspondent } from "../../schema/mailbox/tables.ts";
import { ok } from "./api-answers.ts";
import { read, upload } from "./import-files.ts";
import { mailboxOf } from "./mailbox-inside.ts";
import { type Account, aLetter, anAccount, eventually, ingest } from "./mesh.ts";

const known = (account: Account) =>
  mailboxOf(account, ({ db }) => db.select().from(correspondent).orderBy(asc(correspondent.address)).all());
const send = (account: Account, message: object) => ok(account.call("POST", "/messages", message), Sent, 202);

it("is known who was written to, by any spelling of the address", async () => {
  const alice = await anAccount();
  const to = [{ name: "Zoe Zimmer", email: "Zoe@FAR.example" }];
  await send(alice, { to, bcc: [{ email: "secret@other.example" }] });
  expect(await known(alice)).toMatchObject([
    { address: "secret@other.example", name_key: "", domain_key: "other.example" },
    { address: "zoe@far.example", domain_key: "far.example" },
  ]);
  await mailboxOf(alice, ({ db }) => {
    expect(isCorrespondent(db, "ZOE@far.example")).toBe(true);
    expect(isCorrespondent(db, "zoe@far.example.org")).toBe(false);
    expect(isCorrespondent(db, "no address")).toBe(false);
  });
});

it("keeps the name when a later message gives none", async () => {
  const alice = await anAccount();
  await send(alice, { to: [{ name: "Zoe Zimmer", email: "zoe@far.example" }] });
  const [first] = await known(alice);
  await send(alice, { to: [{ email: "zoe@far.example" }] });
  expect(await known(alice)).toEqual([first]);
  expect(first?.name_key).not.toBe("");
});

it("is not known who only wrote, nor who got one copy of a mailing", async () => {
  const alice = await anAccount();
  await ingest("zoe@far.example", alice.email, aLetter());
  await send(alice, { to: [{ email: "subscriber@far.example" }], subject: "News", class: "bulk" });
  expect(await known(alice)).toEqual([]);
});

it("is known who was written to in mail that was brought along, in Sent alone", async () => {
  const alice = await anAccount();
  const entry = (to: string, label: string, id: string) =>
    `From x@x.example Tue Nov 24 08:00:00 2026\nX-Gmail-Labels: ${label}\nFrom: ${alice.email}\nTo: ${to}\nSubject: Hi\nMessage-ID: <${id}@x.example>\nDate: Mon, 23 Nov 2026 08:00:00 +0000\n\nHello\n\n`;
  const made = await upload(
    alice,
    entry("Old Friend <old@far.example>", "Sent", "1") + entry("b@far.example", "Inbox", "2"),
  );
  await eventually(async () => (await read(alice, made.id)).state === "done");
  expect(await known(alice)).toMatchObject([{ address: "old@far.example" }]);
});
