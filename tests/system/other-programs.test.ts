/** What Mailmesh exports is read by programs that never heard of it. */
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { admin } from "../support/admin-command.ts";
import { type Service, startService } from "../support/service.ts";

const run = promisify(execFile);

let service: Service;
let folder: string;

beforeAll(async () => {
  service = await startService();
  folder = await mkdtemp(join(tmpdir(), "mailmesh-"));
  const messages = [
    ["Unread", "Status: O\r\nSubject: Unread one\r\n\r\nFrom here on\r\n\r\n>From there on\r\n"],
    ["Read", "Subject: =?utf-8?q?Gelesen_=E2=9C=93?=\nStatus: RO\nX-Status: F\n\nx\n"],
    ["No end", "Subject: No end\n\nFrom x Tue Nov 24 08:00:00 2026"],
  ];
  for (const [name, message] of messages) {
    const file = join(folder, `${name}.eml`);
    await writeFile(
      file,
      `From: Zoe <zoe@far.example>\nTo: alice@mesh.test\nMessage-ID: <${name?.replace(" ", "")}@far.example>\n${message}`,
    );
    expect((await admin(service, "import", "alice@mesh.test", file)).err).toBe("");
  }
  expect((await admin(service, "export", "alice@mesh.test", join(folder, "mail.mbox"))).code).toBe(0);
  expect((await admin(service, "export", "alice@mesh.test", join(folder, "mail.zip"))).code).toBe(0);
});
afterAll(() => service?.stop());

/** The subjects of the messages that a pattern of mutt's finds. It wants a terminal, which `script` is. */
async function inMutt(pattern: string): Promise<string[]> {
  const piped = join(folder, "piped");
  await writeFile(piped, "");
  const keys = `<limit>${pattern}<enter><tag-pattern>~A<enter><tag-prefix-cond><pipe-message>cat >${piped}<enter><end-cond><exit>`;
  const settings = `-e 'set pipe_decode wait_key=no charset=utf-8' -e "push '${keys}'"`;
  const command = `mutt -F /dev/null -n -R -f ${join(folder, "mail.mbox")} ${settings}`;
  const mutt = run("timeout", ["20", "script", "-qec", command, "/dev/null"], {
    env: { ...process.env, TERM: "xterm", LC_ALL: "C.UTF-8" },
  });
  mutt.child.stdin?.end();
  await mutt;
  return Array.from(
    (await readFile(piped, "utf8")).matchAll(/^Subject: (.*)$/gm),
    ([, subject = ""]) => subject,
  ).sort();
}

it("mutt reads the messages of an mbox, with what was read and flagged", async () => {
  expect(await inMutt("~A")).toEqual(["Gelesen ✓", "No end", "Unread one"]);
  expect(await inMutt("~F")).toEqual(["Gelesen ✓"]);
  expect(await inMutt("~U")).toEqual(["Unread one"]);
  expect(await inMutt("~R")).toEqual(["Gelesen ✓", "No end"]);
});

it("notmuch indexes the messages of a zip, once it is unpacked", async () => {
  const mail = join(folder, "unpacked");
  await mkdir(mail);
  await run("unzip", ["-q", join(folder, "mail.zip"), "-d", mail]);
  const config = join(folder, "notmuch.conf");
  await writeFile(
    config,
    `[database]\npath=${mail}\n[user]\nname=Alice\nprimary_email=alice@mesh.test\n[new]\ntags=new\n`,
  );
  const env = { ...process.env, NOTMUCH_CONFIG: config };
  await run("notmuch", ["new", "--quiet"], { env });
  const { stdout } = await run("notmuch", ["search", "--format=json", "--output=summary", "from:zoe"], { env });
  expect(stdout.match(/"subject": "[^"]+"/g)?.sort()).toEqual([
    '"subject": "Gelesen ✓"',
    '"subject": "No end"',
    '"subject": "Unread one"',
  ]);
});
