/** A client of `/v1/admin` (contract/admin.ts), for the first start and for `npm run admin`. */
import type { z } from "zod";
import {
  type Account,
  Account as AccountSchema,
  Alias,
  DeadLetterList,
  Domain,
  DomainDetail,
  DomainList,
  DomainRelay,
  RebuildPage,
  VerifyPage,
} from "../contract/admin.ts";
import { DkimKeyList, DnsRecords } from "../contract/dns.ts";
import { DomainPolicy, type SetDomainPolicy } from "../contract/domain-policy.ts";
import { Import, type ImportFormat, ImportList } from "../contract/imports.ts";
import { QueueDestinationView, QueueRetried, QueueView } from "../contract/operator.ts";
import { Problem } from "../contract/problem.ts";
import { Sending, type SetSending } from "../contract/sending.ts";

/** Making an account hashes a password, which takes its time on a small machine. */
const TIMEOUT_MILLISECONDS = 30_000;
/** Eight megabytes over a slow line. */
const PART_TIMEOUT_MILLISECONDS = 600_000;

/** The mesh said no: one line for people, and the status for who wants to go on. */
export class AdminProblem extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export class AdminApi {
  readonly #base: string;
  readonly #secret: string;

  constructor(url: string, secret: string) {
    this.#base = `${url.replace(/\/+$/, "")}/v1/admin`;
    this.#secret = secret;
  }

  async createDomain(name: string) {
    return parse(Domain, await this.#call("POST", "/domains", { name }));
  }

  async createAccount(account: { email: string; password: string; name?: string }): Promise<Account> {
    return parse(AccountSchema, await this.#call("POST", "/accounts", account));
  }

  async setPassword(email: string, password: string): Promise<void> {
    await this.#call("PUT", `/accounts/${encodeURIComponent(email)}/password`, { password });
  }

  async setQuota(email: string, quota_bytes: number): Promise<void> {
    await this.#call("PUT", `/accounts/${encodeURIComponent(email)}/quota`, { quota_bytes });
  }

  async setSending(email: string, wanted: SetSending) {
    return parse(Sending, await this.#call("PUT", `/accounts/${encodeURIComponent(email)}/sending`, wanted));
  }

  async verify(email: string, after: number) {
    return parse(VerifyPage, await this.#call("POST", `/accounts/${encodeURIComponent(email)}/verify`, { after }));
  }

  async rebuild(email: string, after: string) {
    return parse(RebuildPage, await this.#call("POST", `/accounts/${encodeURIComponent(email)}/rebuild`, { after }));
  }

  async putAlias(email: string, targets: string[]) {
    return parse(Alias, await this.#call("PUT", `/aliases/${encodeURIComponent(email)}`, { targets }));
  }

  async deleteAlias(email: string): Promise<void> {
    await this.#call("DELETE", `/aliases/${encodeURIComponent(email)}`);
  }

  async listDomains() {
    return parse(DomainList, await this.#call("GET", "/domains")).domains;
  }

  async domain(name: string) {
    return parse(DomainDetail, await this.#call("GET", `/domains/${encodeURIComponent(name)}`));
  }

  async relay(name: string) {
    return parse(DomainRelay, await this.#call("GET", `/domains/${encodeURIComponent(name)}/relay`));
  }

  async setRelay(name: string, url: string | null) {
    return parse(DomainRelay, await this.#call("PUT", `/domains/${encodeURIComponent(name)}/relay`, { url }));
  }

  async policy(name: string) {
    return parse(DomainPolicy, await this.#call("GET", `/domains/${encodeURIComponent(name)}/policy`));
  }

  async setPolicy(name: string, changes: SetDomainPolicy) {
    return parse(DomainPolicy, await this.#call("PATCH", `/domains/${encodeURIComponent(name)}/policy`, changes));
  }

  async dns(name: string) {
    return parse(DnsRecords, await this.#call("GET", `/domains/${encodeURIComponent(name)}/dns`));
  }

  async rotateKeys(name: string, after_hours: number) {
    const path = `/domains/${encodeURIComponent(name)}/dkim/rotate`;
    return parse(DkimKeyList, await this.#call("POST", path, { after_hours }));
  }

  async createImport(email: string, wanted: { name: string; size: number; format?: ImportFormat }): Promise<Import> {
    return parse(Import, await this.#call("POST", importsOf(email), wanted));
  }

  async listImports(email: string) {
    return parse(ImportList, await this.#call("GET", importsOf(email))).imports;
  }

  async readImport(email: string, id: string): Promise<Import> {
    return parse(Import, await this.#call("GET", `${importsOf(email)}/${id}`));
  }

  async putPart(email: string, id: string, n: number, bytes: Uint8Array<ArrayBuffer>): Promise<Import> {
    const response = await this.#fetch("PUT", `${importsOf(email)}/${id}/parts/${n}`, bytes, PART_TIMEOUT_MILLISECONDS);
    return parse(Import, await answerOf(response));
  }

  /** The file as it comes. */
  async exportMail(email: string, query: Record<string, string>): Promise<ReadableStream<Uint8Array>> {
    const path = `/accounts/${encodeURIComponent(email)}/export?${new URLSearchParams(query)}`;
    const response = await this.#fetch("GET", path);
    if (!response.ok || response.body === null) await answerOf(response);
    return response.body ?? new ReadableStream();
  }

  async listDeadLetters() {
    return parse(DeadLetterList, await this.#call("GET", "/dead-letters")).dead_letters;
  }

  async retryDeadLetter(id: string): Promise<void> {
    await this.#call("POST", `/dead-letters/${encodeURIComponent(id)}/retry`);
  }

  async queue(cursor: string | null) {
    return parse(QueueView, await this.#call("GET", `/queue${pageOf(cursor)}`));
  }

  async queueOf(destination: string, cursor: string | null) {
    return parse(QueueDestinationView, await this.#call("GET", `${queueOf(destination)}${pageOf(cursor)}`));
  }

  async retryDestination(destination: string) {
    return parse(QueueRetried, await this.#call("POST", `${queueOf(destination)}/retry`));
  }

  async retrySubmission(destination: string, id: string): Promise<void> {
    await this.#call("POST", `${queueOf(destination)}/${encodeURIComponent(id)}/retry`);
  }

  async dropSubmission(destination: string, id: string): Promise<void> {
    await this.#call("DELETE", `${queueOf(destination)}/${encodeURIComponent(id)}`);
  }

  async #call(method: string, path: string, body?: unknown): Promise<unknown> {
    const text = body === undefined ? undefined : JSON.stringify(body);
    return answerOf(await this.#fetch(method, path, text, TIMEOUT_MILLISECONDS));
  }

  /** Without a timeout for what takes as long as it takes. */
  async #fetch(
    method: string,
    path: string,
    body?: string | Uint8Array<ArrayBuffer>,
    timeout?: number,
  ): Promise<Response> {
    const type = typeof body === "object" ? "application/octet-stream" : "application/json";
    try {
      return await fetch(`${this.#base}${path}`, {
        method,
        headers: { authorization: `Bearer ${this.#secret}`, "content-type": type },
        ...(timeout === undefined ? {} : { signal: AbortSignal.timeout(timeout) }),
        ...(body === undefined ? {} : { body }),
      });
    } catch (error) {
      throw new AdminProblem(0, `No answer from ${this.#base}: ${reasonOf(error)}`);
    }
  }
}

const queueOf = (destination: string): string => `/queue/${encodeURIComponent(destination)}`;
const pageOf = (cursor: string | null): string =>
  `?${new URLSearchParams({ limit: "100", ...(cursor === null ? {} : { cursor }) })}`;
const importsOf = (email: string): string => `/accounts/${encodeURIComponent(email)}/imports`;

async function answerOf(response: Response): Promise<unknown> {
  const answer = parseJson(await response.text());
  if (!response.ok) throw new AdminProblem(response.status, problemLine(response.status, answer));
  return answer;
}

/** RFC 9457 §3: problem details, as one line. */
function problemLine(status: number, answer: unknown): string {
  const problem = Problem.safeParse(answer);
  if (!problem.success) return `The mesh answered ${status}`;
  const { title, detail, issues = [] } = problem.data;
  // A detail is a sentence for people. The others say the same to programs, and are shown only where there is none.
  const line = detail ?? [title, ...issues.map((one) => `${one.at}: ${one.message}`)].join("; ");
  return `${line.replace(/\.$/, "")} (${status})`;
}

function parse<T>(schema: z.ZodType<T>, answer: unknown): T {
  const parsed = schema.safeParse(answer);
  if (!parsed.success) throw new AdminProblem(0, "The answer is not what this version understands. Is it a Mailmesh?");
  return parsed.data;
}

/** `fetch failed` says nothing; the reason is one level down. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}

/** What is no JSON, an empty body for one, parses to nothing. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
