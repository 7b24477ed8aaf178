/** What the tests of attachments that are named instead of sent have in common. */
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, expect } from "vitest";
import { MessageSummary, Sent } from "../../contract/messages.ts";
import { ok } from "./api-answers.ts";
import type { Account } from "./mesh.ts";
import { relayThrough } from "./outgoing.ts";

export const MB = 1_000_000;
export const ZOE = "zoe@far.example";
const { MAIL } = env;

export const draft = (account: Account, message: object): Promise<MessageSummary> =>
  ok(account.call("POST", "/drafts", message), MessageSummary, 201);
export const save = (account: Account, id: string, message: object): Promise<MessageSummary> =>
  ok(account.call("PUT", `/drafts/${id}`, message), MessageSummary);
export const send = (account: Account, message: object): Promise<Sent> =>
  ok(account.call("POST", "/messages", { to: [{ email: ZOE }], undo_seconds: 60, ...message }), Sent, 202);

export async function rawOf(account: Account, id: string): Promise<Uint8Array<ArrayBuffer>> {
  const answer = await account.call("GET", `/messages/${id}/raw`);
  expect(answer.status).toBe(200);
  return new Uint8Array(await answer.arrayBuffer());
}

/** A relay that takes more than Cloudflare's binding does, and at the end the store as it was. */
export function aroundEach(): void {
  beforeEach(async () => void (await relayThrough()));
  afterEach(restoreStore);
}

export function restoreStore(): void {
  env.MAIL = MAIL;
}

/** From here on, what goes into R2 and comes out of it is counted. */
export function countedStore() {
  const counts = { puts: 0, put: 0, got: 0 };
  const put = async (...args: Parameters<R2Bucket["put"]>) => {
    counts.puts++;
    counts.put += (args[1] as Uint8Array).byteLength;
    return MAIL.put(...args);
  };
  const get = async (key: string, options?: R2GetOptions) => {
    const object = await MAIL.get(key, options);
    const range = options?.range;
    const wanted = range !== undefined && "length" in range ? range.length : undefined;
    counts.got += Math.min(object?.size ?? 0, wanted ?? Number.POSITIVE_INFINITY);
    return object;
  };
  env.MAIL = new Proxy(MAIL, {
    get(target, name) {
      if (name === "put") return put;
      if (name === "get") return get;
      const member: unknown = Reflect.get(target, name);
      return typeof member === "function" ? member.bind(target) : member;
    },
  });
  return counts;
}

/** Two messages without what each has of its own. */
export const alike = (raw: Uint8Array): string =>
  Buffer.from(raw)
    .toString("latin1")
    .replace(/^Date: .*$/m, "")
    .replace(/^Message-ID: .*(?:\r\n .*)?$/m, "")
    .replaceAll(/mesh-[0-9a-f-]{36}/g, "boundary");
