/**
 * The Mailbox: everything that belongs to one account. Named by the user id. This class is the RPC surface, a line a
 * method; the work is in the modules beside it. What a client may do is in mailbox-session.ts; the methods here are
 * for the mesh itself.
 */
import { DurableObject } from "cloudflare:workers";
import type { ChangedResource } from "../../contract/changes.ts";
import { Failure } from "../../contract/failure.ts";
import { UserId } from "../../contract/ids.ts";
import type { ReportEntry } from "../../contract/imports.ts";
import type { RefusalReason } from "../../contract/ingest.ts";
import { isUploadReference } from "../../contract/r2-keys.ts";
import type { Session } from "../../contract/sessions.ts";
import type { UnsubscribeToken } from "../../contract/unsubscribe.ts";
import { migrations } from "../../schema/mailbox/migrations/index.ts";
import * as tables from "../../schema/mailbox/tables.ts";
import type { ObjectEnv } from "../env.ts";
import { LazyDatabase } from "../open-database.ts";
import { fullLimit } from "../warm-up.ts";
import { refusalOf } from "./admission.ts";
import { MailboxAlarm } from "./alarm.ts";
import { type ArrivalPace, arrivalPace } from "./arrival-pace.ts";
import { senderOfForward } from "./bounce-token.ts";
import { changeResource, changesSince } from "./change-log.ts";
import { CredentialsSession } from "./credentials-session.ts";
import { deliver, deliverReport, refused } from "./deliver.ts";
import { type NamedEvent, takeEvent } from "./delivery-events.ts";
import * as followUps from "./follow-ups.ts";
import { type Identity, type ImportStep, saveStep, whichAreHere } from "./import-messages.ts";
import * as imports from "./import-queue.ts";
import type { Delivery, Letter } from "./letter.ts";
import { LiveClients } from "./live.ts";
import * as login from "./login.ts";
import type { Mailbox } from "./mailbox-database.ts";
import { MailboxSession } from "./mailbox-session.ts";
import { makeMailbox, type NewAccount } from "./make-mailbox.ts";
import { type OpenSubmission, openSubmission, retryNow } from "./operator-requests.ts";
import { OperatorSession } from "./operator-session.ts";
import { notHeld } from "./orphans.ts";
import * as outbox from "./outbox.ts";
import { report } from "./outbox-report.ts";
import { type RetrySchedule, retrySchedule } from "./retry-schedule.ts";
import { deliverNotice, readNotice, type StopNotice } from "./stop-notice.ts";
import * as unsubscribe from "./unsubscribe.ts";
import * as uploads from "./uploads.ts";

export class MailboxObject extends DurableObject<ObjectEnv> {
  readonly #database: LazyDatabase<typeof tables>;
  readonly #live: LiveClients;
  readonly #schedule: RetrySchedule;
  readonly #alarm: MailboxAlarm;
  readonly #pace: ArrivalPace | null;
  #opened: Mailbox | null = null;

  constructor(ctx: DurableObjectState, env: ObjectEnv) {
    super(ctx, env);
    this.#database = new LazyDatabase(ctx, tables, migrations);
    this.#live = new LiveClients(ctx);
    this.#schedule = retrySchedule(env);
    this.#alarm = new MailboxAlarm(ctx, env, this.#schedule);
    this.#pace = arrivalPace(env.RECEIVE_LIMITS);
    void ctx.blockConcurrencyWhile(() => this.#alarm.load());
  }

  async create(account: NewAccount): Promise<void> {
    makeMailbox(await this.#database.create(), account, Date.now());
    this.#alarm.set(this.#require());
  }

  /** Whether it would take a message from this envelope sender now. Asked before there are bytes. */
  admission(mailFrom: string): RefusalReason | null {
    return refusalOf(this.#require(), mailFrom) ?? this.#pace?.refusal(Date.now()) ?? null;
  }

  /** Puts a message into the mailbox. Throws `not_found` where there is no mailbox. */
  deliver(letter: Letter): Delivery {
    const box = this.#require();
    const refusal = this.#pace?.take(letter, Date.now());
    if (refusal) return refused(refusal);
    const isRequest = unsubscribe.unsubscribeByMail(box, this.ctx.storage.kv, letter.delivered_to, Date.now());
    const delivery = deliver(box, letter, null, isRequest ? "archive" : "inbox");
    this.#live.announce(box);
    // Otherwise a delivery makes nothing due, and the alarm stays as it is.
    if (delivery.has_follow_ups) this.#alarm.set(box);
    return delivery;
  }

  /** The capability of a logged-in client. Throws `unauthenticated`. */
  session(secretHash: string): MailboxSession {
    const { box, kind } = this.#authenticate(secretHash);
    return new MailboxSession(box, {
      change: (work) => this.#change(box, work),
      changeResource: (resource, work) => this.#changeResource(box, resource, work),
      changes: async (since, seconds) => {
        await this.#live.wait(box, secretHash, since, seconds);
        // The login may have ended meanwhile.
        return changesSince(this.#authenticate(secretHash).box, since);
      },
      sendLimit: () => fullLimit(this.env.SEND_LIMIT_PER_DAY),
      credentials: () => {
        if (kind === "token") throw new Failure("forbidden", "A token for programs cannot do this: log in.");
        return new CredentialsSession(box, secretHash, {
          changeResource: (resource, work) => this.#changeResource(box, resource, work),
          disconnect: (hash) => this.#live.disconnect(hash),
        });
      },
      close: () => {
        this.#changeResource(box, kind === "token" ? "tokens" : "sessions", () =>
          login.closeSession(box.db, secretHash),
        );
        this.#live.disconnect(secretHash);
      },
    });
  }

  /** Live events: a WebSocket upgrade, which RPC cannot carry. The hash of the session's secret is in the query. */
  override fetch(request: Request): Response {
    const query = new URL(request.url).searchParams;
    const secretHash = query.get("session") ?? "";
    const { box } = this.#authenticate(secretHash);
    const since = query.get("since");
    return this.#live.connect(box, secretHash, since === null ? undefined : Number(since));
  }

  passwordSalt(): string {
    return login.passwordSalt(this.#database.existing);
  }

  /** A new session, or null when the hash is not the password's. */
  async login(passwordHash: string, userAgent: string): Promise<Session | null> {
    const secret = await login.newSecret();
    const box = this.#open();
    const opened = box && login.openSession(box, passwordHash, secret, userAgent, Date.now());
    for (const ended of opened?.ended ?? []) this.#live.disconnect(ended);
    if (box && opened) this.#live.announce(box);
    return opened?.session ?? null;
  }

  /** What an operator may do without the owner's password. For the admin API alone. */
  operator(): OperatorSession {
    const box = this.#require();
    return new OperatorSession(box, this.env, { change: (work) => this.#change(box, work) });
  }

  stopNotice(): StopNotice | null {
    return readNotice(this.#require(), this.ctx.storage.kv);
  }

  deliverStopNotice(stoppedAt: number, letter: Letter): boolean {
    const box = this.#require();
    return this.#change(box, () => deliverNotice(box, this.ctx.storage.kv, stoppedAt, letter));
  }

  setPassword(password: login.PasswordRecord): void {
    login.setPassword(this.#require().db, password);
    this.#live.disconnect();
  }

  /**
   * Something for the outside that has no copy in Sent: a forward, or a report about one. `name` tells a repeat: the
   * same name within `repeatWindow` milliseconds changes nothing.
   */
  relay(name: string, repeatWindow: number, outgoing: outbox.Relayed): "queued" | "repeat" {
    const box = this.#require();
    return this.#change(box, () => outbox.relay(box, name, repeatWindow, outgoing, Date.now()));
  }

  followUp(id: number): followUps.WantedFollowUp | null {
    const box = this.#open();
    return box && this.#change(box, () => followUps.readFollowUp(box, id, Date.now()));
  }

  finishFollowUp(id: number, mail: followUps.FollowUpMail | null): followUps.FollowUpOutcome {
    const box = this.#require();
    const limit = fullLimit(this.env.SEND_LIMIT_PER_DAY);
    return this.#change(box, () => followUps.finishFollowUp(box, id, mail, limit, Date.now()));
  }

  senderOfForward(address: string): string | null {
    const box = this.#open();
    return box && senderOfForward(box, address, Date.now());
  }

  claim(submissionId: number, lease: string): outbox.Lease | null {
    const box = this.#open();
    return box && this.#change(box, () => outbox.claim(box, submissionId, lease, this.#schedule, Date.now()));
  }

  /** The tokens that some recipients of a bulk message can unsubscribe with, in their order. */
  unsubscribeTokens(submissionId: number, emails: string[]): UnsubscribeToken[] {
    return unsubscribe.unsubscribeTokens(this.#require(), this.ctx.storage.kv, submissionId, emails);
  }

  findSubscriber(token: UnsubscribeToken): unsubscribe.Subscriber | null {
    const box = this.#open();
    return box && unsubscribe.findSubscriber(box, this.ctx.storage.kv, token);
  }

  unsubscribe(token: UnsubscribeToken): unsubscribe.Subscriber | null {
    const box = this.#open();
    return box && unsubscribe.unsubscribe(box, this.ctx.storage.kv, token, "one-click", Date.now());
  }

  renew(submissionId: number, lease: string): boolean {
    return outbox.renew(this.#require().db, submissionId, lease, Date.now());
  }

  /** False: the lease was lost, and the end of the message must not be sent. */
  handOver(submissionId: number, lease: string, addresses: string[]): boolean {
    return outbox.handOver(this.#require().db, submissionId, lease, addresses, Date.now());
  }

  report(submissionId: number, lease: string, results: outbox.RecipientReport[]): outbox.UntoldRecipient[] {
    const box = this.#require();
    return this.#change(box, () => report(box, submissionId, lease, results, this.#schedule, Date.now()));
  }

  openSubmission(submissionId: number): OpenSubmission | null {
    const box = this.#open();
    return box && openSubmission(box.db, submissionId);
  }

  /** False: it waits no more, or somebody is at it. */
  retryNow(submissionId: number): boolean {
    const box = this.#open();
    return box !== null && this.#change(box, () => retryNow(box.db, submissionId, Date.now()));
  }

  /** What a transport says of a message that it took. */
  takeEvent(event: NamedEvent): ReturnType<typeof takeEvent> {
    const box = this.#require();
    return this.#change(box, () => takeEvent(box, event, Date.now()));
  }

  deliverReport(submissionId: number, told: outbox.UntoldRecipient[], letter: Letter | null): boolean {
    const box = this.#require();
    return this.#change(box, () => deliverReport(box, submissionId, told, letter, this.#schedule, Date.now()));
  }

  claimImport(number: number, lease: string): imports.ImportLease | null {
    const box = this.#open();
    return box && this.#change(box, () => imports.claimImport(box, number, lease, Date.now()));
  }

  whichAreHere(identities: Identity[]): boolean[] {
    return whichAreHere(this.#require(), identities);
  }

  /** Messages and the place behind them. Null: the lease was lost, and nothing was written. */
  saveImportStep(number: number, lease: string, step: ImportStep): { unneeded: string[] } | null {
    const box = this.#require();
    return this.#change(box, () => saveStep(box, number, lease, step, Date.now()));
  }

  releaseImport(number: number, lease: string, why: "slice_is_over" | "failure"): boolean {
    const box = this.#require();
    return this.#change(box, () => imports.releaseImport(box, number, lease, why, Date.now()));
  }

  failImport(number: number, lease: string, entry: ReportEntry): void {
    const box = this.#require();
    this.#change(box, () => imports.failImport(box, number, lease, entry, Date.now()));
  }

  override async alarm(): Promise<void> {
    const box = this.#open();
    if (box !== null) await this.#alarm.ring(box, () => this.#live.announce(box));
  }

  /** Whether something in this mailbox, or on its way into it, refers to these bytes. The Blob asks. */
  async holds(location: string): Promise<boolean> {
    const box = this.#open();
    if (box !== null && isUploadReference(location)) return uploads.holdsUpload(box, location);
    return box !== null && (await notHeld(box, this.env, [location])).length === 0;
  }

  /** Those of these bytes that nothing here refers to. An import asks after a failure, when its lease is over. */
  async unheld(locations: string[]): Promise<string[]> {
    return notHeld(this.#require(), this.env, locations);
  }

  override webSocketClose(socket: WebSocket): void {
    socket.close();
  }

  #authenticate(secretHash: string): { box: Mailbox; kind: login.Login["kind"] } {
    const box = this.#open();
    const found = box && login.findLogin(box.db, secretHash, Date.now());
    if (!found) throw new Failure("unauthenticated", "The session is not valid (any more): log in again.");
    return { box, kind: found.kind };
  }

  #open(): Mailbox | null {
    const db = this.#database.existing;
    if (db === null) return null;
    if (this.#opened === null) {
      const row = db.select().from(tables.account).get();
      if (row === undefined) return null;
      this.#opened = { db, user_id: UserId.parse(row.user_id), email: row.email, name: row.name, id_mask: row.id_mask };
      // A migration may have left work for the alarm, and it is not the one who can ring it.
      if (row.unindexed_below > 0) this.#alarm.set(this.#opened);
    }
    return this.#opened;
  }

  #require(): Mailbox {
    const box = this.#open();
    if (box === null) throw new Failure("not_found", "There is no such mailbox.");
    return box;
  }

  #changeResource<T>(box: Mailbox, resource: ChangedResource, work: () => T): T {
    return this.#change(box, () => changeResource(box.db, resource, work));
  }

  /** Runs a change, then does what every change brings with it. */
  #change<T>(box: Mailbox, work: () => T): T {
    const result = work();
    this.#live.announce(box);
    this.#alarm.set(box);
    return result;
  }
}
