/** A virus scanner beside the mesh, and what becomes of mail when it is slow, broken or away. */
import { env } from "cloudflare:workers";
import { describe, expect, inject, it } from "vitest";
import { letterOf } from "../../mail/screening/attached.test-support.ts";
import { EICAR } from "../../mail/screening/file-bytes.ts";
import type { Env } from "../../workers/env.ts";
import { acceptMail } from "../../workers/inbound/accept-mail.ts";
import { deliverWaiting } from "../../workers/inbound/waiting-letters.ts";
import { short } from "./answers.ts";
import { type Account, aDomain, aLetter, anAccount, asAdmin } from "./mesh.ts";

const latin1 = (text: string) => new Uint8Array(Buffer.from(text, "latin1"));
const clamd = (more: Partial<Env> = {}): Env => ({
  ...env,
  CLAMD_ADDRESS: `127.0.0.1:${inject("clamdPort")}`,
  CLAMD_TIMEOUT_SECONDS: "1",
  ...more,
});

async function send(to: string[], raw: string, settings = clamd()) {
  const bytes = new Uint8Array(new TextEncoder().encode(raw));
  return short(await acceptMail(settings, { mail_from: "zoe@far.example", rcpt_to: to }, bytes, {}));
}

async function newest(account: Account) {
  const [first] = await account.messages();
  return account.open(first?.id ?? "");
}

const told = (whatToDo: string, body = "Hi") => aLetter({ extra: `X-Clamd: ${whatToDo}\r\n`, body });

async function carelessAccount() {
  const domain = await aDomain();
  await asAdmin("PATCH", `/domains/${domain}/policy`, { refused_attachments: [] });
  return anAccount(domain);
}

describe("a scanner", () => {
  it.each([
    ["finds nothing", aLetter(), { state: "clean", found: null }],
    ["answers in pieces", told("drip"), { state: "clean", found: null }],
    [
      "says that it is too large",
      told("too-large", "x".repeat(70).concat("\r\n").repeat(60_000)),
      /size limit|StreamMaxLength/,
    ],
    ["hangs up", told("hang-up", "x".repeat(70).concat("\r\n").repeat(60_000)), /StreamMaxLength/],
    ["never answers", told("silent"), /in time/],
    ["talks without end", told("flood"), /xxx/],
    ["makes no sense", told("nonsense"), /^/],
  ])("that %s has its say, and the message is delivered", async (_what, raw, verdict) => {
    const alice = await anAccount();
    expect(await send([alice.email], raw)).toEqual(["accepted"]);
    const { attachment_scan, warnings } = await newest(alice);
    if (verdict instanceof RegExp)
      expect(attachment_scan?.scanner).toEqual({ state: "failed", found: expect.stringMatching(verdict) });
    else expect(attachment_scan?.scanner).toEqual(verdict);
    expect(warnings).toEqual([]);
  });

  it.each(["127.0.0.1:1", "no address", "nowhere.invalid:3310"])(
    "at %j is away, and mail comes all the same",
    async (at) => {
      const alice = await anAccount();
      expect(await send([alice.email], aLetter(), clamd({ CLAMD_ADDRESS: at }))).toEqual(["accepted"]);
      expect((await newest(alice)).attachment_scan?.scanner.state).toBe("failed");
    },
  );

  it("that is required and away makes senders wait", async () => {
    const alice = await anAccount();
    const settings = clamd({ SCANNER_REQUIRED: "true" });
    expect(await send([alice.email], told("hang-up"), settings)).toEqual([expect.stringContaining("451")]);
    expect(await send([alice.email], aLetter(), settings)).toEqual(["accepted"]);
    expect(await alice.messages()).toHaveLength(1);
  });

  it("finds a virus, and the message is refused with its sender listening", async () => {
    const alice = await anAccount();
    const raw = aLetter({ body: `Look:\r\n${EICAR}` });
    expect(await send([alice.email], raw)).toEqual([expect.stringContaining("550")]);
    expect(await alice.messages()).toEqual([]);
  });

  it("finds a virus in the words of a message whose domain takes it", async () => {
    const alice = await carelessAccount();
    expect(await send([alice.email], aLetter({ body: `Look:\r\n${EICAR}` }))).toEqual(["accepted"]);
    const { attachment_scan, warnings } = await newest(alice);
    expect(attachment_scan).toEqual({ scanner: { state: "infected", found: "Eicar-Test-Signature" }, files: [] });
    expect(warnings).toMatchObject([{ reason: "dangerous_attachment", subject: null }]);
  });

  it("is asked which file it is", async () => {
    const alice = await carelessAccount();
    const [good, bad] = [latin1("good"), latin1(`not at the beginning: ${EICAR}`)];
    const letter = letterOf(
      { filename: "good.txt", type: "text/plain", content: good },
      { filename: "bad.txt", type: "text/plain", content: bad },
    );
    // The scripted scanner decodes nothing: the file must stand in the open for it to find it in the message.
    const open = Buffer.from(letter).toString("latin1").replace("See the files.", EICAR);
    expect(await send([alice.email], open)).toEqual(["accepted"]);
    const { attachment_scan, warnings } = await newest(alice);
    expect(attachment_scan?.files).toMatchObject([{ n: 1, dangers: [{ danger: "virus" }] }]);
    expect(warnings).toMatchObject([{ subject: "bad.txt" }]);
  });

  it("is asked which file it is within the time of one message, and what it does not say then is open", async () => {
    const alice = await carelessAccount();
    const slow = (filename: string, text: string) => ({
      filename,
      type: "text/plain",
      content: latin1(`X-Clamd: slow\r\n${text}`),
    });
    const bad = { filename: "bad.txt", type: "text/plain", content: latin1(`not at the beginning: ${EICAR}`) };
    const letter = letterOf(bad, slow("slow.txt", "good"), slow("late.txt", EICAR));
    const open = Buffer.from(letter).toString("latin1").replace("See the files.", EICAR);
    expect(await send([alice.email], open)).toEqual(["accepted"]);
    const { attachment_scan, warnings } = await newest(alice);
    expect(attachment_scan?.scanner.state).toBe("infected");
    expect(attachment_scan?.files).toMatchObject([{ n: 0, dangers: [{ danger: "virus" }] }]);
    expect(warnings).toMatchObject([{ subject: null }, { subject: "bad.txt" }]);
  });

  it("is asked once, however many recipients a message has, and not again when it waited", async () => {
    const [alice, bob] = [await carelessAccount(), await carelessAccount()];
    expect(await send([alice.email, bob.email], told("count"))).toEqual(["accepted", "accepted"]);
    expect((await newest(alice)).attachment_scan?.scanner.found).toBe("Seen-1");
    expect((await newest(bob)).attachment_scan?.scanner.found).toBe("Seen-1");
    const away = { getByName: () => ({ deliver: () => Promise.reject(new Error("away")) }) };
    const jobs: string[] = [];
    const settings = clamd({
      MAILBOX: away as unknown as Env["MAILBOX"],
      INBOUND: {
        send: (job: { waiting_key: string }) => Promise.resolve(jobs.push(job.waiting_key)),
      } as unknown as Queue,
    });
    expect(await send([alice.email], told("count"), settings)).toEqual(["accepted"]);
    await deliverWaiting(clamd(), { waiting_key: jobs[0] ?? "" });
    const messages = await alice.messages();
    expect(messages).toHaveLength(2);
    expect((await newest(alice)).attachment_scan?.scanner.found).toBe("Seen-1");
  });
});
