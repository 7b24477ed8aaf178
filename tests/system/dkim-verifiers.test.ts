/** What we sign verifies with dkimpy and OpenDKIM, which share no line of code with us or each other. */
import { execFile } from "node:child_process";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import { signedMessages } from "../support/signed-messages.ts";

const run = promisify(execFile);

let folder: string;
let files: string[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "mailmesh-"));
  const { messages, records } = await signedMessages(Date.now());
  const lines = Array.from(records, ([name, record]) => `${name} ${record}\n`);
  await writeFile(join(folder, "keys"), lines.join(""));
  await writeFile(join(folder, "opendkim.conf"), `TestPublicKeys ${join(folder, "keys")}\n`);
  files = messages.map((_, n) => `${String(n).padStart(3, "0")}.eml`);
  await Promise.all(messages.map(({ raw }, n) => writeFile(join(folder, files[n] ?? ""), raw)));
  // One that was changed on the way shows that they look.
  const changed = Buffer.concat([messages[0]?.raw ?? Buffer.alloc(0), Buffer.from("P.S.\r\n")]);
  await writeFile(join(folder, "changed.eml"), changed);
  expect(files).toHaveLength(200);
});

describe("200 varied messages, and one that was changed", () => {
  it("verify with dkimpy by both keys, and the one does not", async () => {
    const { stdout } = await run("/usr/bin/python3", [join(import.meta.dirname, "verify-with-dkimpy.py"), folder]);
    const verdicts = stdout.trim().split("\n");
    expect(verdicts.filter((line) => line.endsWith(" pass"))).toEqual(
      files.flatMap((file) => [`${file} 0 pass`, `${file} 1 pass`]),
    );
    expect(verdicts).toHaveLength(402);
  });

  it("verify with OpenDKIM by both keys, and the one does not", async () => {
    const verdict = async (file: string) => {
      const options = ["-x", join(folder, "opendkim.conf"), "-vv", "-t", join(folder, file)];
      const { stdout } = await run("/usr/sbin/opendkim", options);
      return Array.from(
        stdout.matchAll(/dkim=(\w+)[^;]*header\.a=(\S+)/g),
        ([, result, algorithm]) => `${algorithm} ${result}`,
      );
    };
    const verdicts: string[][] = [];
    for (const file of files) verdicts.push([file, ...(await verdict(file))]);
    expect(verdicts).toEqual(files.map((file) => [file, "rsa-sha256 pass", "ed25519-sha256 pass"]));
    expect((await verdict("changed.eml")).filter((one) => one.endsWith("pass"))).toEqual([]);
  });
});
