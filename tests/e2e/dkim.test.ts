/** From POST through a relay to a verifier; and the operator's side: `dns`, `rotate-keys`, `doctor`. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type FakeDoh, startDoh } from "../../gateway/testing/fake-doh.ts";
import { verdictsOf } from "../../mail/dkim/verify.test-support.ts";
import { admin } from "../support/admin-command.ts";
import { type Relay, startRelay } from "../support/relay.ts";
import { call, eventually, logIn, type Service, startService } from "../support/service.ts";

let service: Service;
let relay: Relay;
let doh: FakeDoh;

beforeAll(async () => {
  relay = await startRelay();
  doh = await startDoh({});
  service = await startService({
    env: { RELAY_URL: `smtp://127.0.0.1:${relay.port}`, SPF_INCLUDE: "spf.relay.example" },
  });
});
afterAll(async () => {
  await service?.stop();
  doh?.close();
  await relay?.close();
});

/** The zone that an operator enters after what `dns` prints. */
async function zoneOf(domain: string) {
  const { code, out } = await admin(service, "dns", domain);
  expect(code).toBe(0);
  const TXT: Record<string, string[]> = {};
  const MX: Record<string, string[]> = {};
  for (const [, name = "", type, value = ""] of out.matchAll(/^(\S+)\. IN (TXT|MX) (.+)$/gm)) {
    if (type === "MX") MX[name] = [...(MX[name] ?? []), value.replace(/^\d+ |\.$/g, "")];
    else TXT[name] = [...(TXT[name] ?? []), Array.from(value.matchAll(/"([^"]*)"/g), ([, text]) => text).join("")];
    for (const [text = ""] of value.matchAll(/"[^"]*"/g)) expect(text.length).toBeLessThanOrEqual(257);
  }
  return { TXT, MX };
}

function doctor(domain: string, dohUrl = doh.url): Promise<{ code: number; out: string; err: string }> {
  const env = { PATH: process.env.PATH, MAILMESH_STATE: service.state, PORT: String(service.http), DOH_URL: dohUrl };
  const cwd = join(import.meta.dirname, "../..");
  return new Promise((resolve) => {
    execFile(process.execPath, ["gateway/doctor.ts", domain], { cwd, env }, (error, out, err) => {
      resolve({ code: typeof error?.code === "number" ? error.code : 0, out, err });
    });
  });
}

it("a message that was composed, signed and relayed verifies with the keys that `dns` prints", async () => {
  const { token } = await logIn(service, "alice@mesh.test");
  const { TXT } = await zoneOf("mesh.test");
  const body = {
    to: [{ name: "Zoë Ångström", email: "zoe@far.example" }],
    subject: "Grüße — 会議の予定 🗓️",
    body: "  Dienstag. \r\n.\r\n\r\nFrom me\r\n\r\n\r\n",
    body_html: "<p>Dienstag. <b>日曜日</b></p>",
    attachments: [{ filename: "Plan Ü.bin", content: Buffer.alloc(300_000, 5).toString("base64") }],
    undo_seconds: 0,
  };
  expect((await call(service, "POST", "/v1/messages", { token, body })).status).toBe(202);
  const [taken] = await eventually(async () => relay.taken.length > 0 && relay.taken);
  const records = new Map(Object.entries(TXT).map(([name, [record = ""]]) => [name, record]));
  expect(await verdictsOf(taken?.raw ?? Buffer.alloc(0), records)).toEqual(["rsa-sha256 pass", "ed25519-sha256 pass"]);
});

it("the doctor finds the zone in order that was entered as printed, and says what is missing from an empty one", async () => {
  const empty = await doctor("mesh.test");
  expect(empty).toMatchObject({ code: 1, err: "" });
  expect(empty.out).toContain(
    "  WRONG  mesh.test has no MX record, so nobody can send mail to it\n           → set MX to",
  );
  expect(empty.out).toMatch(/mesh\.test needs attention\.\n$/);
  const { TXT, MX } = await zoneOf("mesh.test");
  expect(TXT["mesh.test"]).toEqual(["v=spf1 mx include:spf.relay.example ~all"]);
  // The policy would be looked for on the real web.
  delete TXT["_mta-sts.mesh.test"];
  doh.zone = {
    TXT: { ...TXT, "spf.relay.example": ["v=spf1 ip4:192.0.2.1 -all"] },
    MX,
    A: { "mesh.test": ["192.0.2.1"] },
  };
  const good = await doctor("mesh.test");
  expect(good.out).not.toMatch(/WRONG| \? /);
  expect(good).toMatchObject({ code: 0, err: "", out: expect.stringMatching(/mesh\.test is in order\.\n$/) });
});

it("after a rotation the doctor misses the new keys", async () => {
  const rotated = await admin(service, "rotate-keys", "mesh.test");
  expect(rotated).toMatchObject({ code: 0, err: "" });
  expect(rotated.out.match(/^mm\d{6}[a-d]\._domainkey\.mesh\.test\. IN TXT/gm)).toHaveLength(2);
  const { code, out } = await doctor("mesh.test");
  expect(code).toBe(1);
  expect(out.match(/WRONG {2}The DKIM key mm\d{6}[cd]\S+ is not in DNS/g)).toHaveLength(2);
});

it("mistakes are one sentence each", async () => {
  expect(await doctor("nowhere.test")).toMatchObject({ code: 1, out: "", err: "There is no such domain (404)\n" });
  expect(await doctor("a..b")).toMatchObject({
    code: 2,
    err: expect.stringMatching(/^"a\.\.b" is not a domain name: .*\n$/),
  });
  expect(await doctor("mesh.test", "gopher")).toMatchObject({
    code: 2,
    err: expect.stringMatching(/^DOH_URL is not a web address.*\n$/),
  });
  const unreachable = await doctor("mesh.test", "http://127.0.0.1:9/dns-query");
  expect(unreachable).toMatchObject({ code: 1, out: "", err: expect.stringMatching(/^DNS cannot be asked: .*\n$/) });
  const again = await admin(service, "rotate-keys", "mesh.test");
  expect(again).toMatchObject({ code: 1, err: expect.stringMatching(/^New keys are published already: .*\n$/) });
  expect(await admin(service, "rotate-keys", "mesh.test", "--after", "soon")).toMatchObject({ code: 2 });
});
