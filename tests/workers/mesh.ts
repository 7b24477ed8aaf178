/**
 * The whole Worker as its users meet it: HTTP in, HTTP out. Every test makes its own accounts, since storage is shared
 * between the tests of a file.
 */
import { env, exports } from "cloudflare:workers";
import { z } from "zod";
import { Folder, type FolderRole } from "../../contract/folders.ts";
import { UserId } from "../../contract/ids.ts";
import { IngestReply } from "../../contract/ingest.ts";
import { Message, MessagePage } from "../../contract/messages.ts";
import { randomId } from "../../contract/random-id.ts";
import { base64url, Session } from "../../contract/sessions.ts";
import { canonicalLocalPart, parseAddress } from "../../mail/address/address.ts";
import { hashPassword } from "../../workers/accounts/password.ts";

export const ADMIN_SECRET = "admin-secret-of-the-tests";
export const INGEST_SECRET = "ingest-secret-of-the-tests";
export const PASSWORD = "correct horse battery";

export const fetchMesh = (path: string, init?: RequestInit): Promise<Response> =>
  exports.default.fetch(new Request(`http://mesh.test${path}`, init));

export function asAdmin(method: string, path: string, body?: unknown): Promise<Response> {
  return fetchMesh(`/v1/admin${path}`, {
    method,
    headers: { authorization: `Bearer ${ADMIN_SECRET}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

let count = 0;

/** A domain of its own. */
export async function aDomain(): Promise<string> {
  const name = `d${++count}-${crypto.randomUUID().slice(0, 8)}.test`;
  const made = await asAdmin("POST", "/domains", { name });
  if (made.status !== 201) throw new Error(await made.text());
  return name;
}

export interface Account {
  email: string;
  user_id: string;
  token: string;
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Response>;
  folder(role: FolderRole): Promise<Folder>;
  messages(role?: FolderRole): Promise<z.infer<typeof MessagePage>["messages"]>;
  open(id: string): Promise<Message>;
  stub: ReturnType<typeof env.MAILBOX.getByName>;
}

/** One salt and one hash for the accounts of a test file: each account would cost two scrypts, half a second. */
const SALT = base64url(new TextEncoder().encode("salt of the test"));
let passwordHash: Promise<string> | undefined;

/** An account that is logged in. Made as the admin API makes it, step by step; accounts.test.ts takes the API's way. */
export async function anAccount(domain?: string, localPart = "alice"): Promise<Account> {
  const name = domain ?? (await aDomain());
  const address = parseAddress(`${localPart}@${name}`);
  if (!address.ok) throw new Error(address.error.reason);
  const canonical = canonicalLocalPart(address.value.local_part);
  passwordHash ??= hashPassword(PASSWORD, SALT);
  const password = { salt: SALT, hash: await passwordHash };
  const email = `${canonical}@${name}`;
  const stub = env.DOMAIN.getByName(name);
  const user_id = UserId.parse(await stub.reserveAccount(canonical, UserId.parse(`u${randomId(16)}`), Date.now()));
  await env.MAILBOX.getByName(user_id).create({ user_id, email, name: "Alice Adams", password });
  await stub.activateAccount(canonical);
  const session = await env.MAILBOX.getByName(user_id).login(password.hash, "");
  if (session === null) throw new Error("the login failed");
  const account = accountOf(email, session);
  // Most tests are about what comes after the undo window; undo.test.ts is about the window that everyone else has.
  await account.call("PATCH", "/settings", { undo_seconds: 0 });
  return account;
}

export async function logIn(email: string, password = PASSWORD): Promise<Account> {
  const answer = await fetchMesh("/v1/sessions", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ email, password }),
  });
  return accountOf(email, Session.parse(await answer.json()));
}

function accountOf(email: string, { token, user_id }: Session): Account {
  const call: Account["call"] = (method, path, body, headers = {}) =>
    fetchMesh(`/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const folder: Account["folder"] = async (role) => {
    const folders = z.array(Folder).parse(await (await call("GET", "/folders")).json());
    const found = folders.find((candidate) => candidate.role === role);
    if (found === undefined) throw new Error(`no folder ${role}`);
    return found;
  };
  return {
    ...{ email, user_id, token, call, folder },
    async messages(role = "inbox") {
      const { id } = await folder(role);
      return MessagePage.parse(await (await call("GET", `/folders/${id}/messages?limit=100`)).json()).messages;
    },
    async open(id) {
      return Message.parse(await (await call("GET", `/messages/${id}`)).json());
    },
    stub: env.MAILBOX.getByName(user_id),
  };
}

/** Lines of a message, with CRLF. */
export const lines = (...all: string[]): string => all.map((line) => `${line}\r\n`).join("");

/** A letter from outside with a subject and a body, each with a Message-ID of its own. */
export function aLetter(
  fields: Partial<Record<"from" | "to" | "subject" | "body" | "id" | "extra", string>> = {},
): string {
  const {
    from = "Zoe <zoe@far.example>",
    to = "someone@else.example",
    subject = "Hello",
    body = "Good morning.",
    id,
    extra = "",
  } = fields;
  const messageId = id ?? `${crypto.randomUUID()}@far.example`;
  const date = "Date: Tue, 24 Nov 2026 03:00:00 +0000";
  return `${extra}${lines(`From: ${from}`, `To: ${to}`, `Subject: ${subject}`, `Message-ID: <${messageId}>`, date, "", body)}`;
}

/** Hands a message in at the door. */
export async function ingest(
  from: string,
  to: string | string[],
  raw: string | Uint8Array,
  headers: Record<string, string> = {},
): Promise<IngestReply["recipients"]> {
  const answer = await ingestRaw(from, to, raw, headers);
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
  return IngestReply.parse(await answer.json()).recipients;
}

export const ingestRaw = (...handed: Parameters<typeof ingestRequest>): Promise<Response> =>
  exports.default.fetch(ingestRequest(...handed));

/** As a gateway asks for it. */
export function ingestRequest(
  from: string,
  to: string | string[],
  raw: string | Uint8Array,
  headers: Record<string, string> = {},
): Request {
  const query = new URLSearchParams({ from });
  for (const recipient of [to].flat()) query.append("to", recipient);
  return new Request(`http://mesh.test/ingest?${query}`, {
    method: "POST",
    headers: { authorization: `Bearer ${INGEST_SECRET}`, ...headers },
    body: raw,
  });
}

/** Waits until `check` holds, for what happens by alarm and queue. */
export async function eventually<T>(check: () => Promise<T | false | null | undefined>, seconds = 10): Promise<T> {
  for (const end = Date.now() + seconds * 1000; ; ) {
    const found = await check();
    if (found) return found;
    if (Date.now() > end) throw new Error("it did not happen in time");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
