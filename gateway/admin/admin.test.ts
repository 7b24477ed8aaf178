/** The command as people run it. */
import { spawn } from "node:child_process";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { ADMIN_SECRET, FakeAdmin } from "../testing/fake-admin.ts";
import { temporaryState } from "../testing/temporary-state.ts";

interface Run {
  args: string[];
  env?: Record<string, string>;
  stdin?: string;
}

function run({ args, env = {}, stdin = "" }: Run): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, "../admin.ts"), ...args], {
    env: { PATH: process.env.PATH, ...env },
  });
  let [out, err] = ["", ""];
  child.stdout.on("data", (chunk: Buffer) => {
    out += chunk.toString();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    err += chunk.toString();
  });
  child.stdin.end(stdin);
  return new Promise((resolve) => child.on("close", (code) => resolve({ code, out, err })));
}

async function aMesh() {
  const admin = new FakeAdmin();
  const env = { MAILMESH_URL: await admin.start(), MAILMESH_ADMIN_SECRET: ADMIN_SECRET };
  return {
    admin,
    on: (args: string[], stdin?: string) => run({ args, env, ...(stdin === undefined ? {} : { stdin }) }),
  };
}

it("makes a domain and an account, the password from standard input", async () => {
  const { admin, on } = await aMesh();
  expect(await on(["create-domain", "xn--bcher-kva.test"])).toEqual({
    code: 0,
    out: "Created bücher.test (xn--bcher-kva.test)\n",
    err: "",
  });
  const made = await on(["create-account", "carol@mesh.test", "--name", "Carol"], "a long password\n");
  expect(made).toEqual({ code: 0, out: "Created carol@mesh.test, user id u0123456789abcdef\n", err: "" });
  expect(admin.accounts.get("carol@mesh.test")).toBe("a long password");
});

it("says a problem in one line and fails", async () => {
  const { on } = await aMesh();
  await on(["create-domain", "mesh.test"]);
  expect(await on(["create-domain", "mesh.test"])).toEqual({
    code: 1,
    out: "",
    err: "There is one already (409)\n",
  });
});

it("lists domains as a table", async () => {
  const { on } = await aMesh();
  await on(["create-domain", "mesh.test"]);
  expect((await on(["list"])).out).toBe(
    "DOMAIN     ACCOUNTS  ALIASES  CREATED\nmesh.test  2         1        2026-11-24\n",
  );
});

it("sets a catch-all with several targets", async () => {
  const { on } = await aMesh();
  const made = await on(["create-alias", "*@mesh.test", "a@b.test", "c@d.test"]);
  expect(made.out).toBe("*@mesh.test → a@b.test, c@d.test\n");
});

it("shows and sets what a domain takes from strangers", async () => {
  const { admin, on } = await aMesh();
  expect((await on(["set-policy", "mesh.test"])).out).toBe(
    "mesh.test refuses what fails a DMARC policy of reject\nmesh.test refuses attachments that are: virus\n",
  );
  const set = await on(["set-policy", "mesh.test", "--dmarc-reject", "mark", "--refuse-attachments", "none"]);
  expect(set.out).toBe(
    "mesh.test takes what fails a DMARC policy of reject, as junk\nmesh.test refuses no attachments\n",
  );
  const body = JSON.stringify({ dmarc_reject: "mark", refused_attachments: [] });
  expect(admin.requests.at(-1)).toBe(`PATCH /v1/admin/domains/mesh.test/policy ${body}`);
  const wrong = await on(["set-policy", "mesh.test", "--refuse-attachments", "virus,music"]);
  expect(wrong).toMatchObject({ code: 2, out: "" });
  expect(wrong.err).toContain('"music" is neither none nor one of virus, program');
});

it("shows dead letters without letting them steer the terminal, and tries one again", async () => {
  const { on } = await aMesh();
  const shown = await on(["dead-letters"]);
  expect(shown.out).toMatch(/^ID {2}QUEUE/);
  expect(shown.out).toContain("Error: no");
  expect(shown.out).not.toContain("\u001b");
  expect(await on(["retry", "d1"])).toMatchObject({ code: 0, out: "d1 will be tried again\n" });
});

it.each([[["create-domain"]], [["frobnicate"]], [["list", "--bogus"]], [["create-alias", "a@b.test"]]])(
  "%j is a mistake of usage",
  async (args) => {
    const answer = await run({ args, env: { MAILMESH_URL: "http://127.0.0.1:1", MAILMESH_ADMIN_SECRET: "x" } });
    expect(answer).toMatchObject({ code: 2, out: "" });
    expect(answer.err).toContain("npm run admin -- ");
  },
);

it.each<[string[], string]>([
  [
    ["create-account", "a@b.test", "--password", "short"],
    "The password must have at least 8 characters; this one has 5",
  ],
  [
    ["set-password", "a@b.test", "--password", "x".repeat(257)],
    "The password may have at most 256 characters; this one has 257",
  ],
  [
    ["create-account", "a@b.test", "--password", "long enough", "--name", "x".repeat(201)],
    "The name may have at most 200 characters; this one has 201",
  ],
  [["create-account", "carol"], '"carol" is not an address: it needs an @ and a domain, as in you@example.org'],
  [
    ["create-account", "postmaster"],
    '"postmaster" is not an address: it needs an @ and a domain, as in you@example.org',
  ],
  [
    ["set-password", "a b@c.test"],
    '"a b@c.test" is not an address: a space cannot stand before the @, unless in quotes',
  ],
  [["create-alias", "a@b.test", "c@"], '"c@" is not an address: the domain is empty'],
  [["delete-alias", ""], '"" is not an address: it is empty'],
  [["create-domain", "a b"], '"a b" is not a domain name: a space cannot be in a domain'],
  [["list", "192.0.2.1"], '"192.0.2.1" is not a domain name: a domain has a name, and this is an IP address'],
])("%j is told in plain words what is wrong, and the mesh is not asked", async (args, line) => {
  const { admin, on } = await aMesh();
  expect(await on(args)).toEqual({ code: 2, out: "", err: `${line}\n` });
  expect(admin.requests).toEqual([]);
});

it("shows an internationalised address for people, and as it is on the wire", async () => {
  const { on } = await aMesh();
  const both = "kurt@bücher.test (kurt@xn--bcher-kva.test)";
  expect((await on(["create-account", "kurt@xn--bcher-kva.test"], "a long password\n")).out).toBe(
    `Created ${both}, user id u0123456789abcdef\n`,
  );
  expect((await on(["set-password", "kurt@BÜCHER.test"], "a long password\n")).out).toBe(
    `Changed the password of ${both} and ended its sessions\n`,
  );
  expect((await on(["create-alias", "*@bücher.test", "kurt@bücher.test", "a@b.test"])).out).toBe(
    `*@bücher.test (*@xn--bcher-kva.test) → ${both}, a@b.test\n`,
  );
  expect((await on(["delete-alias", "info@bücher.test"])).out).toBe(
    "Deleted info@bücher.test (info@xn--bcher-kva.test)\n",
  );
});

it("lists a domain by what people call it, and a target elsewhere in both forms", async () => {
  const { on } = await aMesh();
  expect((await on(["list", "bücher.test"])).out).toBe(
    [
      "bücher.test (xn--bcher-kva.test)",
      "",
      "ACCOUNT           USER ID            CREATED",
      "kurt@bücher.test  u0123456789abcdef  2026-11-24",
      "",
      "ALIAS             TARGETS",
      "info@bücher.test  kurt@bücher.test, you@例え.テスト (you@xn--r8jz45g.xn--zckzah)",
      "",
    ].join("\n"),
  );
});

it("imports no directory, and says what to do with one", async () => {
  const { admin, on } = await aMesh();
  const { root } = await temporaryState();
  const answer = await on(["import", "alice@mesh.test", root]);
  expect(answer).toMatchObject({ code: 2, out: "", err: expect.stringContaining("is a directory: pack it first") });
  expect(admin.requests).toEqual([]);
});

it("says in the system's words why a file cannot be read", async () => {
  const { on } = await aMesh();
  const { err } = await on(["import", "alice@mesh.test", "/no/such.mbox"]);
  expect(err).toBe("/no/such.mbox cannot be read: no such file or directory\n");
});

it.each([["mail.mbox"], ["mail.zip"]])("leaves no %s of a folder that has nothing, or is not there", async (name) => {
  const { on } = await aMesh();
  const { root } = await temporaryState();
  const answer = await on(["export", "alice@mesh.test", join(root, name), "--folder", "Wrok"]);
  expect(answer).toEqual({
    code: 1,
    out: "",
    err: 'alice@mesh.test: no message is in a folder "Wrok"; nothing was written\n',
  });
  expect(await readdir(root)).toEqual([]);
});

it("finds the local mesh by its state folder, and says so when there is none", async () => {
  const state = await temporaryState();
  const answer = await run({ args: ["list"], env: { MAILMESH_STATE: state.root } });
  expect(answer).toMatchObject({ code: 1, err: expect.stringContaining(`No mesh has been started on ${state.root}`) });
});

it("does not send the local secret to a mesh elsewhere", async () => {
  const answer = await run({ args: ["list"], env: { MAILMESH_URL: "https://mesh.example" } });
  expect(answer).toMatchObject({ code: 1, err: "MAILMESH_URL needs MAILMESH_ADMIN_SECRET beside it\n" });
});

it("says when nothing answers", async () => {
  const env = { MAILMESH_URL: "http://127.0.0.1:1", MAILMESH_ADMIN_SECRET: "x" };
  expect(await run({ args: ["list"], env })).toMatchObject({
    code: 1,
    err: expect.stringMatching(/^No answer from http/),
  });
});

it("helps", async () => {
  expect(await run({ args: ["--help"] })).toMatchObject({
    code: 0,
    out: expect.stringContaining("create-alias EMAIL TARGET…"),
  });
});

it.each<[string, number]>([
  ["500MB", 500 * 1024 ** 2],
  ["1.5 GB", 1.5 * 1024 ** 3],
  ["20GiB", 20 * 1024 ** 3],
  ["1048576", 1024 ** 2],
  ["0", 0],
])("sets a quota of %s", async (size, bytes) => {
  const { admin, on } = await aMesh();
  expect((await on(["set-quota", "alice@mesh.test", size])).code).toBe(0);
  expect(admin.requests).toEqual([`PUT /v1/admin/accounts/alice%40mesh.test/quota {"quota_bytes":${bytes}}`]);
});

it("takes no quota for a size that is none", async () => {
  const { admin, on } = await aMesh();
  expect((await on(["set-quota", "alice@mesh.test", "much"])).err).toBe(
    '"much" is not a size: it looks like 500MB or 20GB\n',
  );
  expect(admin.requests).toEqual([]);
});

it("sets a domain's relay, shows it without its password, and takes it away", async () => {
  const { admin, on } = await aMesh();
  const set = await on(["set-relay", "bücher.test", "smtp://user:secret@relay.test:587"]);
  const shown = { code: 0, out: "Mail of bücher.test leaves through smtp://user:***@relay.test:587\n", err: "" };
  expect(set).toEqual(shown);
  expect(admin.requests.at(-1)).toContain('{"url":"smtp://user:secret@relay.test:587"}');
  expect(await on(["set-relay", "bücher.test"])).toEqual(shown);
  expect((await on(["set-relay", "bücher.test", "--none"])).out).toBe(
    "Mail of bücher.test leaves as the deployment's does\n",
  );
  expect(await on(["set-relay", "bücher.test", "smtp://relay.test", "--none"])).toMatchObject({ code: 2, out: "" });
});

it("gives an account more recipients a day, stops it and lifts the stop", async () => {
  const { admin, on } = await aMesh();
  expect((await on(["set-sending", "alice@mesh.test", "2000"])).out).toBe(
    "alice@mesh.test may write to 2000 recipients a day; 7 were written to today\n",
  );
  expect((await on(["set-sending", "alice@mesh.test", "stop"])).out).toContain("may send nothing: it is stopped");
  expect((await on(["set-sending", "alice@mesh.test", "lift"])).code).toBe(0);
  expect(admin.requests.at(-1)).toMatch(/sending \{"is_stopped":false\}$/);
  expect((await on(["set-sending", "alice@mesh.test", "many"])).err).toContain("neither a number of recipients");
});

it("shows what waits to leave, and why, without letting it steer the terminal", async () => {
  const { on } = await aMesh();
  const all = await on(["queue"]);
  expect(all).toMatchObject({ code: 0, err: "" });
  expect(all.out).toContain("bücher.test (xn--bcher-kva.test)");
  expect(all.out).toContain("2 at once, 60 a minute");
  expect(all.out).toContain("3 recipients of 1 submissions wait, at 1 destinations");
  expect(all.out).toContain("7 messages are in the outbound queue");
  expect(all.out).not.toContain("\u001b");
  const one = await on(["queue", "bücher.test"]);
  expect(one.out).toContain("u0123456789abcdef.7");
  expect(one.out).not.toContain("\u001b");
});

it("tries what waits now, all of it or one, and gives one up", async () => {
  const { on } = await aMesh();
  expect(await on(["queue-retry", "bücher.test"])).toMatchObject({
    out: "800 submissions to bücher.test (xn--bcher-kva.test) will be tried now\n",
  });
  expect(await on(["queue-retry", "bücher.test", "u0123456789abcdef.7"])).toMatchObject({
    out: "u0123456789abcdef.7 will be tried now\n",
  });
  expect(await on(["queue-drop", "bücher.test", "u0123456789abcdef.7"])).toMatchObject({
    out: "u0123456789abcdef.7 is given up at bücher.test (xn--bcher-kva.test); its sender is told\n",
  });
  expect(await on(["queue-retry", "no domain"])).toMatchObject({ code: 2 });
});
