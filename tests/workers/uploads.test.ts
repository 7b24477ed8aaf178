/** Files that come up in parts, before any message has them. */
import { runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { MAX_UPLOAD_BYTES, MAX_UPLOADS, MIN_UPLOAD_PART_BYTES } from "../../contract/limits.ts";
import { blobKey } from "../../contract/r2-keys.ts";
import { sha256 } from "../../contract/sessions.ts";
import { Upload } from "../../contract/uploads.ts";
import { sha256Hex } from "../../mail/fingerprint.ts";
import { storeUploadedFile } from "../../workers/storage/uploaded-file.ts";
import { done, ok, problemAt } from "./api-answers.ts";
import { breaks, withFaults } from "./faults.ts";
import { aCheckedAccount, keysUnder } from "./mailbox-invariants.ts";
import { type Account, anAccount } from "./mesh.ts";
import { aFile, expectSame, GONE, storedFile } from "./split-letters.ts";
import { begin, putPart, upload } from "./upload-files.ts";

const PART = MIN_UPLOAD_PART_BYTES;
const partsOf = ({ user_id }: Account) => keysUnder(`upload/${user_id}/`);
const read = (account: Account, id: string) => ok(account.call("GET", `/uploads/${id}`), Upload);

async function alarmsAfter(hours: number, { stub }: Pick<Account, "stub">): Promise<void> {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + hours * 3_600_000 });
  for (let n = 0; n < 2; n++) await runDurableObjectAlarm(stub);
  vi.useRealTimers();
}

async function expectStored(file: Uint8Array<ArrayBuffer>, holders: number): Promise<void> {
  expect(await storedFile(file)).toEqual({ size: file.byteLength, holders });
  const object = await env.MAIL.get(blobKey(await sha256Hex(file)));
  expectSame(new Uint8Array((await object?.arrayBuffer()) ?? new ArrayBuffer()), file);
}

describe("a file", () => {
  it("in one part becomes a Blob, and nothing else is stored", async () => {
    const alice = await aCheckedAccount();
    const file = aFile(300_000);
    const begun = await begin(alice, { filename: "plan.pdf", content_type: "application/pdf", size: file.byteLength });
    expect(begun).toMatchObject({ received: 0, is_complete: false, filename: "plan.pdf", user_id: alice.user_id });
    const whole = await ok(putPart(alice, begun.id, 0, file), Upload);
    expect(whole).toMatchObject({ received: file.byteLength, is_complete: true, content_type: "application/pdf" });
    expect(await read(alice, begun.id)).toEqual(whole);
    expect(await partsOf(alice)).toEqual([]);
    await expectStored(file, 1);
  });

  it("in parts of any size is the very file, whatever was sent twice, too early, or at the same time", async () => {
    const alice = await aCheckedAccount();
    const anyStep = fc.record({
      size: fc.integer({ min: PART, max: 3 * PART }),
      what: fc.constantFrom("once", "twice", "at once", "too early"),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 5 * PART }),
        fc.array(anyStep, { minLength: 1 }),
        async (size, steps) => {
          const file = aFile(size);
          const { id } = await begin(alice, { filename: "f", size });
          let state = await read(alice, id);
          for (let n = 0; !state.is_complete; n++) {
            const { received } = state;
            const step = steps[n % steps.length] ?? { size: PART, what: "once" };
            const bytes = file.subarray(received, received + step.size);
            if (step.what === "too early") expect((await putPart(alice, id, received + 1, bytes)).status).toBe(409);
            const put = () => ok(putPart(alice, id, received, bytes), Upload);
            const answers = step.what === "at once" ? await Promise.all([put(), put(), put()]) : [await put()];
            if (step.what === "twice") await put();
            state = answers.at(-1) ?? state;
            expect(state.received).toBe(received + bytes.byteLength);
          }
          await expectStored(file, 1);
          await done(alice.call("DELETE", `/uploads/${id}`));
        },
      ),
      { numRuns: 15 },
    );
  });

  it("goes on where it was cut", async () => {
    const alice = await aCheckedAccount();
    const file = aFile(3 * PART);
    const { id } = await begin(alice, { filename: "f", size: file.byteLength });
    await ok(putPart(alice, id, 0, file.subarray(0, PART)), Upload);
    const cut = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(file.subarray(PART, PART + 1000));
        controller.error(new Error("the line is cut"));
      },
    });
    const request = putPart(alice, id, PART, cut as unknown as Uint8Array);
    await request.then((answer) => answer.text()).catch(() => undefined);
    const { received } = await read(alice, id);
    expect(received).toBe(PART);
    await ok(putPart(alice, id, received, file.subarray(received)), Upload);
    await expectStored(file, 1);
  });

  it("that is here already is not stored again, and stays as long as one upload has it", async () => {
    const [alice, bob] = [await aCheckedAccount(), await aCheckedAccount()];
    const file = aFile(2 * PART);
    const one = await upload(alice, file);
    await upload(bob, file, { part: PART });
    await expectStored(file, 2);
    await done(alice.call("DELETE", `/uploads/${one.id}`));
    await alarmsAfter(2, alice);
    await expectStored(file, 1);
    await alarmsAfter(49, bob);
    expect(await storedFile(file)).toEqual(GONE);
    expect(await partsOf(bob)).toEqual([]);
  });
});

describe("a part", () => {
  it("is refused where it does not belong", async () => {
    const alice = await aCheckedAccount();
    const { id } = await begin(alice, { filename: "f", size: PART + 10 });
    const put = (offset: number | string, size: number) => problemAt(putPart(alice, id, offset as number, aFile(size)));
    expect(await put(1, PART)).toBe("conflict query.offset");
    expect(await put(-1, PART)).toBe("bad_request query.offset");
    expect(await put("x", PART)).toBe("bad_request query.offset");
    expect(await put(0, PART + 11)).toBe("bad_request body");
    expect(await put(0, 9 * 1024 * 1024)).toBe("request_too_large");
    expect(await put(0, PART - 1)).toBe("bad_request body");
    expect(await problemAt(putPart(alice, id, 0, ""))).toBe("bad_request body");
    expect((await read(alice, id)).received).toBe(0);
    await ok(putPart(alice, id, 0, aFile(PART)), Upload);
    expect(await put(PART, 11)).toBe("bad_request body");
    expect(await put(PART, 9)).toBe("bad_request body");
    expect(await ok(putPart(alice, id, PART, aFile(10)), Upload)).toMatchObject({ is_complete: true });
    // Sent again, whatever it is: nothing changes.
    expect(await ok(putPart(alice, id, 0, aFile(PART)), Upload)).toMatchObject({ is_complete: true });
  });

  it("of another account's upload, or of none, is not found", async () => {
    const [alice, bob] = [await anAccount(), await anAccount()];
    const { id } = await begin(bob, { filename: "f", size: 10 });
    for (const strange of [id, "0".repeat(20), "x"]) {
      expect(await problemAt(alice.call("GET", `/uploads/${strange}`))).toBe("not_found");
      expect(await problemAt(alice.call("DELETE", `/uploads/${strange}`))).toBe("not_found");
      expect(await problemAt(putPart(alice, strange, 0, aFile(10)))).toBe("not_found");
    }
    expect((await read(bob, id)).received).toBe(0);
  });
});

describe("an upload", () => {
  it("is refused when no message could hold it, or it has no name", async () => {
    const alice = await aCheckedAccount();
    const post = (upload: object) => problemAt(alice.call("POST", "/uploads", upload));
    expect(await post({ filename: "f", size: MAX_UPLOAD_BYTES + 1 })).toBe("message_too_large body.size");
    expect(await post({ filename: "", size: 0 })).toBe("bad_request body.filename body.size");
    for (const content_type of ["text", "text/plain\r\nBcc: x@y", "a/b; c=\u0001", 'a/b; c="d"e"', "a/b; c=é"]) {
      expect(await post({ filename: "f", size: 1, content_type })).toBe("bad_request body.content_type");
    }
  });

  it("does not come without end", async () => {
    const alice = await aCheckedAccount();
    const answers = await Promise.all(
      Array.from({ length: 22 }, () => alice.call("POST", "/uploads", { filename: "f", size: MAX_UPLOAD_BYTES })),
    );
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(2);
    const bob = await aCheckedAccount();
    for (let n = 0; n < MAX_UPLOADS; n++) await begin(bob, { filename: "f", size: 1 });
    expect(await problemAt(bob.call("POST", "/uploads", { filename: "f", size: 1 }))).toBe("conflict");
  });

  it("that is not finished goes after a day, with its parts", async () => {
    const alice = await aCheckedAccount();
    const { id } = await begin(alice, { filename: "f", size: 3 * PART });
    await ok(putPart(alice, id, 0, aFile(PART)), Upload);
    await alarmsAfter(23, alice);
    expect(await partsOf(alice)).toHaveLength(1);
    await alarmsAfter(26, alice);
    expect(await partsOf(alice)).toEqual([]);
    expect(await problemAt(alice.call("GET", `/uploads/${id}`))).toBe("not_found");
  });

  it("that a crash cut off anywhere leaves nothing for ever, and can be finished", async () => {
    const alice = await aCheckedAccount();
    const file = aFile(2 * PART);
    const session = alice.stub.session(await sessionHash(alice));
    const crashed = await begin(alice, { filename: "f", size: file.byteLength });
    // The Blob is told, and the process ends.
    await expect(storeUploadedFile(env, alice.user_id, crashed.id, file, breaks as never)).rejects.toThrow("injected");
    expect(await storedFile(file)).toMatchObject({ holders: 1 });
    // A part is stored, and the process ends.
    await env.MAIL.put(`upload/${alice.user_id}/${crashed.id}/000000000-stray`, "stray");
    for (const at of [0, PART]) await ok(putPart(alice, crashed.id, at, file.subarray(at, at + PART)), Upload);
    expect((await read(alice, crashed.id)).is_complete).toBe(true);
    expect(await storedFile(file)).toMatchObject({ holders: 2 });
    // The last part came, and putting it together broke off: the next request of any kind goes on.
    const other = aFile(PART + 1);
    const broken = await begin(alice, { filename: "g", size: other.byteLength });
    await ok(putPart(alice, broken.id, 0, other.subarray(0, PART)), Upload);
    const faulty = withFaults({ BLOB: { refer: breaks } });
    const key = `upload/${alice.user_id}/${broken.id}/000262144-x`;
    await env.MAIL.put(key, other.subarray(PART));
    await session.addUploadPart(broken.id, PART, { key, size: 1 });
    await expect(storeUploadedFile(faulty, alice.user_id, broken.id, other, breaks as never)).rejects.toThrow();
    expect(await read(alice, broken.id)).toMatchObject({ received: PART + 1, is_complete: false });
    expect(await ok(putPart(alice, broken.id, PART, ""), Upload)).toMatchObject({ is_complete: true });
    await expectStored(other, 1);
    // A day later the Blob asks, and the reference that nobody has is gone. Then the uploads expire.
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 25 * 3_600_000 });
    await runDurableObjectAlarm(env.BLOB.getByName(await sha256Hex(file)));
    vi.useRealTimers();
    await expectStored(file, 1);
    await alarmsAfter(49, alice);
    expect([await storedFile(file), await storedFile(other)]).toEqual([GONE, GONE]);
    expect(await partsOf(alice)).toEqual([]);
  });

  it("whose parts R2 does not let go of stays until it does", async () => {
    const alice = await anAccount();
    const { id } = await begin(alice, { filename: "f", size: 3 * PART });
    await ok(putPart(alice, id, 0, aFile(PART)), Upload);
    const { MAIL } = env;
    env.MAIL = withFaults({ MAIL: { delete: breaks } }).MAIL;
    await alarmsAfter(26, alice);
    env.MAIL = MAIL;
    expect(await partsOf(alice)).toHaveLength(1);
    await alarmsAfter(26, alice);
    expect(await partsOf(alice)).toEqual([]);
  });
});

const sessionHash = ({ token }: Account): Promise<string> => sha256(token.split(".")[1] ?? "");
