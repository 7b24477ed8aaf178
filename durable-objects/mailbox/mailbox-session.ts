/**
 * The capability that a logged-in client holds: every read and change of a mailbox goes through an instance of this
 * class, and the only way to one is `MailboxObject.session` with a valid secret. What is not a method here cannot be
 * reached from outside. Calls can be pipelined on the session before it has arrived, so a request is one round trip.
 */
import { RpcTarget } from "cloudflare:workers";
import type { ChangedResource, Changes } from "../../contract/changes.ts";
import type { CreateFolder, Folder, UpdateFolder } from "../../contract/folders.ts";
import type { CreateIdentity, Identity, UpdateIdentity } from "../../contract/identities.ts";
import type { ListMessages, MessagePage, MessageSummary, Thread, UpdateMessages } from "../../contract/messages.ts";
import type { Quota } from "../../contract/quota.ts";
import type { SavedSearch, SaveSearch, Suggestions } from "../../contract/saved-searches.ts";
import type { SearchMessages } from "../../contract/search.ts";
import type { Sending } from "../../contract/sending.ts";
import type { Settings, UpdateSettings } from "../../contract/settings.ts";
import type { ListSubmissions, Submission, SubmissionPage } from "../../contract/submissions.ts";
import type { ListSuppressions, SuppressionPage } from "../../contract/suppressions.ts";
import type { CreateTemplate, Template, UpdateTemplate } from "../../contract/templates.ts";
import type { CreateUpload, Upload } from "../../contract/uploads.ts";
import { type AccountFacts, accountFacts } from "./account-facts.ts";
import { ArchiveSession } from "./archive-session.ts";
import { type FoundAttachment, findAttached, type WantedAttachment } from "./attached.ts";
import { currentState } from "./change-log.ts";
import type { CredentialsSession } from "./credentials-session.ts";
import { type Composed, createDraft, replaceDraft, requireDraft } from "./drafts.ts";
import { createFolder, deleteFolder, listFolders, updateFolder } from "./folders.ts";
import { createIdentity, deleteIdentity, listIdentities, updateIdentity } from "./identities.ts";
import { listMessages } from "./list-messages.ts";
import type { Mailbox } from "./mailbox-database.ts";
import { summaryOf } from "./message-views.ts";
import { setMuted } from "./mute.ts";
import { readQuota } from "./quota.ts";
import { type OpenedMessage, openMessage } from "./read-messages.ts";
import { sendReceipt, type WantedReceipt, wantedReceipt } from "./read-receipts.ts";
import { readThread } from "./read-threads.ts";
import { RulesSession } from "./rules-session.ts";
import { deleteSearch, listSearches, saveSearch } from "./saved-searches.ts";
import { cancelSubmission, replaceScheduled, requireUnsent, reschedule } from "./scheduled.ts";
import { type SearchAnswer, search } from "./search.ts";
import { type Preparation, senderOf, whatIsAnswered } from "./sender.ts";
import { readSending } from "./sending-limits.ts";
import { readSettings, updateSettings } from "./settings.ts";
import { listSubmissions, readSubmission } from "./submission-views.ts";
import { type Accepted, findAccepted, type IdempotencyKey, type Outgoing, submit } from "./submissions.ts";
import { suggest } from "./suggestions.ts";
import { deleteSuppression, findSuppressed, listSuppressions } from "./suppressions.ts";
import * as templates from "./templates.ts";
import { updateMessages } from "./update-messages.ts";
import * as uploads from "./uploads.ts";

/** What the object does around a session's calls. */
export interface SessionHost {
  /** Runs a change, then tells live clients and sets the alarm. */
  change<T>(work: () => T): T;
  /** The same for what an account has one of, or few. */
  changeResource<T>(resource: ChangedResource, work: () => T): T;
  /** What happened since a state, waiting so long for something to happen. */
  changes(since: number, seconds: number): Promise<Changes>;
  /** The deployment's daily limit of recipients; null where there is none. */
  sendLimit(): number | null;
  /** Throws `forbidden` for what may not change how the account is logged in to. */
  credentials(): CredentialsSession;
  close(): void;
}

export class MailboxSession extends RpcTarget {
  readonly #box: Mailbox;
  readonly #host: SessionHost;

  constructor(box: Mailbox, host: SessionHost) {
    super();
    this.#box = box;
    this.#host = host;
  }

  listFolders(): Folder[] {
    return listFolders(this.#box);
  }

  createFolder(folder: CreateFolder): Folder {
    return this.#host.change(() => createFolder(this.#box, folder, Date.now()));
  }

  updateFolder(id: string, update: UpdateFolder): Folder {
    return this.#host.change(() => updateFolder(this.#box, id, update));
  }

  deleteFolder(id: string): void {
    this.#host.change(() => deleteFolder(this.#box, id));
  }

  listMessages(folderId: string, page: ListMessages): MessagePage {
    return listMessages(this.#box, folderId, page);
  }

  openMessage(id: string): OpenedMessage {
    return openMessage(this.#box, id);
  }

  /** The messages as they are now; destroyed ones are not among them. */
  updateMessages(update: UpdateMessages): MessageSummary[] {
    return this.#host.change(() => updateMessages(this.#box, update));
  }

  readThread(id: string, limit: number, cursor: string | undefined): Thread {
    return readThread(this.#box, id, limit, cursor);
  }

  muteThread(id: string, isMuted: boolean): void {
    this.#host.change(() => setMuted(this.#box, id, isMuted));
  }

  search(request: SearchMessages): SearchAnswer {
    return search(this.#box, request, Date.now());
  }

  suggest(typed: string): Suggestions {
    return suggest(this.#box, typed);
  }

  listSearches(): SavedSearch[] {
    return listSearches(this.#box);
  }

  saveSearch(search: SaveSearch): SavedSearch {
    return this.#host.changeResource("searches", () => saveSearch(this.#box, search, Date.now()));
  }

  deleteSearch(id: string): void {
    this.#host.changeResource("searches", () => deleteSearch(this.#box, id));
  }

  account(): AccountFacts {
    return accountFacts(this.#box);
  }

  listIdentities(): Identity[] {
    return listIdentities(this.#box);
  }

  createIdentity(identity: CreateIdentity): Identity {
    return this.#host.changeResource("identities", () => createIdentity(this.#box, identity, Date.now()));
  }

  updateIdentity(id: string, update: UpdateIdentity): Identity {
    return this.#host.changeResource("identities", () => updateIdentity(this.#box, id, update));
  }

  deleteIdentity(id: string): void {
    this.#host.changeResource("identities", () => deleteIdentity(this.#box, id));
  }

  /** What composing needs to know before it can begin. */
  prepare(inReplyTo: string | undefined, recipients: string[]): Preparation {
    const identities = listIdentities(this.#box);
    const copied = identities.flatMap(({ bcc }) => bcc.map(({ email }) => email));
    return {
      sender: senderOf(this.#box),
      identities,
      suppressed: findSuppressed(this.#box, [...recipients, ...copied]),
      undo_seconds: readSettings(this.#box.db).undo_seconds,
      answered: inReplyTo === undefined ? null : whatIsAnswered(this.#box, inReplyTo),
    };
  }

  requireDraft(id: string, revisions: string[] | null): void {
    requireDraft(this.#box, id, revisions);
  }

  createDraft(composed: Composed): MessageSummary {
    return this.#host.change(() => summaryOf(this.#box, createDraft(this.#box, composed, Date.now())));
  }

  replaceDraft(id: string, composed: Composed, revisions: string[] | null): MessageSummary {
    return this.#host.change(() => summaryOf(this.#box, replaceDraft(this.#box, id, composed, revisions, Date.now())));
  }

  findAttached(wanted: WantedAttachment[]): FoundAttachment[] {
    return this.#host.change(() => findAttached(this.#box, wanted, Date.now()));
  }

  createUpload(request: CreateUpload): Upload {
    return this.#host.change(() => uploads.createUpload(this.#box, request, Date.now()));
  }

  readUpload(id: string): Upload {
    return uploads.readUpload(this.#box, id, Date.now());
  }

  wantedPart(id: string, offset: number): uploads.WantedPart {
    return uploads.wantedPart(this.#box, id, offset, Date.now());
  }

  addUploadPart(id: string, offset: number, part: { key: string; size: number }): uploads.AddedPart {
    return uploads.addUploadPart(this.#box, id, offset, part, Date.now());
  }

  uploadedParts(id: string): string[] {
    return uploads.uploadedParts(this.#box, id, Date.now());
  }

  finishUpload(id: string, file: uploads.UploadedFile): { is_taken: boolean; upload: Upload } {
    return this.#host.change(() => uploads.finishUpload(this.#box, id, file, Date.now()));
  }

  deleteUpload(id: string): void {
    this.#host.change(() => uploads.deleteUpload(this.#box, id, Date.now()));
  }

  wantedReceipt(id: string): WantedReceipt {
    return wantedReceipt(this.#box, id);
  }

  sendReceipt(id: string, rawKey: string): { submission_id: string } {
    return this.#host.change(() => sendReceipt(this.#box, id, rawKey, this.#host.sendLimit(), Date.now()));
  }

  findAccepted(key: IdempotencyKey): Accepted | null {
    return findAccepted(this.#box, key);
  }

  submit(outgoing: Outgoing): Accepted {
    return this.#host.change(() => submit(this.#box, outgoing, this.#host.sendLimit(), Date.now()));
  }

  sending(): Sending {
    return readSending(this.#box, this.#host.sendLimit(), Date.now());
  }

  quota(): Quota {
    return readQuota(this.#box);
  }

  settings(): Settings {
    return readSettings(this.#box.db);
  }

  updateSettings(update: UpdateSettings): Settings {
    return this.#host.changeResource("settings", () => updateSettings(this.#box.db, update));
  }

  listTemplates(): Template[] {
    return templates.listTemplates(this.#box);
  }

  createTemplate(wanted: CreateTemplate): Template {
    return this.#host.changeResource("templates", () => templates.createTemplate(this.#box, wanted, Date.now()));
  }

  updateTemplate(id: string, update: UpdateTemplate): Template {
    return this.#host.changeResource("templates", () => templates.updateTemplate(this.#box, id, update, Date.now()));
  }

  deleteTemplate(id: string): void {
    this.#host.changeResource("templates", () => templates.deleteTemplate(this.#box, id));
  }

  listSuppressions(page: ListSuppressions): SuppressionPage {
    return listSuppressions(this.#box, page);
  }

  deleteSuppression(email: string): void {
    this.#host.changeResource("suppressions", () => deleteSuppression(this.#box, email));
  }

  readSubmission(id: string): Submission {
    return readSubmission(this.#box, id);
  }

  listSubmissions(page: ListSubmissions): SubmissionPage {
    return listSubmissions(this.#box, page);
  }

  /** Throws `too_late` where a consumer has it. */
  requireUnsent(id: string): void {
    requireUnsent(this.#box, id);
  }

  reschedule(id: string, sendAt: number): Submission {
    this.#host.change(() => reschedule(this.#box, id, sendAt, Date.now()));
    return readSubmission(this.#box, id);
  }

  replaceScheduled(id: string, outgoing: Outgoing): Submission {
    this.#host.change(() => replaceScheduled(this.#box, id, outgoing, this.#host.sendLimit(), Date.now()));
    return readSubmission(this.#box, id);
  }

  cancelSubmission(id: string): void {
    this.#host.change(() => cancelSubmission(this.#box, id, Date.now()));
  }

  /** Bringing mail in from files, and taking it out. */
  archive(): ArchiveSession {
    return new ArchiveSession(this.#box, this.#host);
  }

  /** How mail that comes in is sorted and answered. */
  rules(): RulesSession {
    return new RulesSession(this.#box, this.#host);
  }

  /** What the account is logged in to with. */
  credentials(): CredentialsSession {
    return this.#host.credentials();
  }

  state(): string {
    return String(currentState(this.#box.db));
  }

  changes(since: number, waitSeconds: number): Promise<Changes> {
    return this.#host.changes(since, waitSeconds);
  }

  /** Ends this login. */
  close(): void {
    this.#host.close();
  }
}
