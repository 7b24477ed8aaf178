/** `npm run admin -- import` and `export`: a mailbox out of one account and into another, on the launched service. */
import { mkdtemp, readdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { admin } from "../support/admin-command.ts";
import { type Service, startService } from "../support/service.ts";

let service: Service;
let folder: string;

beforeAll(async () => {
  service = await startService();
  folder = await mkdtemp(join(tmpdir(), "mailmesh-"));
});
afterAll(() => service?.stop());

const COUNT = 300;

/** With an attachment now and then, so that the file has several parts. */
const anEntry = (n: number): string =>
  [
    `From zoe@far.example Tue Nov 24 08:${String(n % 60).padStart(2, "0")}:00 2026`,
    `From: Zoe <zoe@far.example>\nTo: alice@mesh.test\nSubject: No. ${n}\nMessage-ID: <${n}@far.example>`,
    `X-Gmail-Labels: Inbox,Work/${2020 + (n % 5)}${n % 2 === 0 ? ",Unread" : ""}\n`,
    n % 25 === 0 ? `${"long ".repeat(200_000)}\n` : "Good morning.\n",
    "",
  ].join("\n");

it("brings mail in twice, once each, takes it out, and brings it into another account", {
  timeout: 180_000,
}, async () => {
  const mbox = join(folder, "takeout.mbox");
  await writeFile(mbox, Array.from({ length: COUNT }, (_, n) => anEntry(n)).join(""));
  const first = await admin(service, "import", "alice@mesh.test", mbox);
  expect(first).toMatchObject({
    code: 0,
    out: `alice@mesh.test: ${COUNT} messages imported, 0 there already, 0 not read\n`,
  });
  const again = await admin(service, "import", "alice@mesh.test", mbox, "--format", "mbox");
  expect(again).toMatchObject({
    code: 0,
    out: `alice@mesh.test: 0 messages imported, ${COUNT} there already, 0 not read\n`,
  });

  const [out, ofBob] = [join(folder, "alice.mbox"), join(folder, "bob.mbox")];
  expect(await admin(service, "export", "alice@mesh.test", out)).toMatchObject({ code: 0 });
  expect(await admin(service, "import", "bob@mesh.test", out)).toMatchObject({ code: 0 });
  expect(await admin(service, "export", "bob@mesh.test", ofBob)).toMatchObject({ code: 0 });
  expect((await readFile(ofBob)).equals(await readFile(out))).toBe(true);

  const part = join(folder, "2024.zip");
  expect(await admin(service, "export", "alice@mesh.test", part, "--folder", "2024")).toMatchObject({ code: 0 });
  expect((await readFile(part)).subarray(0, 2).toString()).toBe("PK");
});

it("says what is wrong", async () => {
  const nowhere = join(folder, "nowhere", "x.mbox");
  expect(await admin(service, "import", "alice@mesh.test", nowhere)).toMatchObject({
    code: 2,
    err: expect.stringContaining("cannot be read"),
  });
  expect(await admin(service, "export", "alice@mesh.test", nowhere)).toMatchObject({
    code: 2,
    err: expect.stringContaining("cannot be written"),
  });
  const pdf = join(folder, "x.pdf");
  await writeFile(pdf, "%PDF-1.7");
  expect(await admin(service, "import", "alice@mesh.test", pdf)).toMatchObject({
    code: 1,
    err: expect.stringContaining("The import failed"),
  });
  expect(await admin(service, "import", "nobody@mesh.test", pdf)).toMatchObject({
    code: 1,
    err: expect.stringContaining("(404)"),
  });
  expect(await admin(service, "import", "alice@mesh.test", pdf, "--format", "pst")).toMatchObject({ code: 2 });
  expect(await admin(service, "export", "alice@mesh.test", pdf)).toMatchObject({
    code: 2,
    err: expect.stringContaining("exist"),
  });
  expect(await readdir(folder)).not.toContain("nowhere");
});
