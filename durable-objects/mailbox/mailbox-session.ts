/**
 * The capability that a logged-in client holds: every read and change of a mailbox goes through an instance of this
 * class, and the only way to one is `MailboxObject.session` with a valid secret. What is not a method here cannot be
 * reached from outside. Calls can be pipelined on the session before it has arrived, so a request is one round trip.
 */
import { RpcTarget } from "cloudflare:workers";
import type { Changes } from "../../contract/changes.ts";
import type { CreateFolder, Folder, UpdateFolder } from "../../contract/folders.ts";
import type { CreateIdentity, Identity, UpdateIdentity } from "../../contract/identities.ts";
import type { ListMessages, MessagePage, MessageSummary, Thread, UpdateMessages } from "../../contract/messages.ts";
import type { Quota } from "../../contract/quota.ts";
import type { SavedSearch, SaveSearch, Suggestions } from "../../contract/saved-searches.ts";
import type { SearchMessages } from "../../contract/search.ts";
import type { Sending } from "../../contract/sending.ts";
import type { Settings, UpdateSettings } from "../../contract/settings.ts";
import type { Submission } from "../../contract/submissions.ts";
import { ArchiveSession } from "./archive-session.ts";
import { currentState } from "./change-log.ts";
import { type Composed, createDraft, replaceDraft, requireDraft } from "./drafts.ts";
import { createFolder, deleteFolder, listFolders, updateFolder } from "./folders.ts";
import { createIdentity, deleteIdentity, listIdentities, updateIdentity } from "./identities.ts";
import { listMessages } from "./list-messages.ts";
import type { Mailbox } from "./mailbox-database.ts";
import { summaryOf } from "./message-views.ts";
import { setMuted } from "./mute.ts";
import { readQuota } from "./quota.ts";
import { type OpenedMessage, openMessage } from "./read-messages.ts";
import { readThread } from "./read-threads.ts";
import { deleteSearch, listSearches, saveSearch } from "./saved-searches.ts";
import { type SearchAnswer, search } from "./search.ts";
import { type Answered, type Sender, senderOf, whatIsAnswered } from "./sender.ts";
import { readSending } from "./sending-limits.ts";
import { readSettings, updateSettings } from "./settings.ts";
import {
  type Accepted,
  cancelSubmission,
  findAccepted,
  type IdempotencyKey,
  type Outgoing,
  readSubmission,
  submit,
} from "./submissions.ts";
import { suggest } from "./suggestions.ts";
import { unsubscribedAmong } from "./suppressions.ts";
import { updateMessages } from "./update-messages.ts";

/** What the object does around a session's calls. */
export interface SessionHost {
  /** Runs a change, then tells live clients and sets the alarm. */
  change<T>(work: () => T): T;
  /** What happened since a state, waiting so long for something to happen. */
  changes(since: number, seconds: number): Promise<Changes>;
  /** The deployment's daily limit of recipients; null where there is none. */
  sendLimit(): number | null;
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
    return saveSearch(this.#box, search, Date.now());
  }

  deleteSearch(id: string): void {
    deleteSearch(this.#box, id);
  }

  listIdentities(): Identity[] {
    return listIdentities(this.#box);
  }

  createIdentity(identity: CreateIdentity): Identity {
    return createIdentity(this.#box, identity, Date.now());
  }

  updateIdentity(id: string, update: UpdateIdentity): Identity {
    return updateIdentity(this.#box, id, update);
  }

  deleteIdentity(id: string): void {
    deleteIdentity(this.#box, id);
  }

  /** Who writes, and what is answered: what composing needs to know before it can begin. */
  prepare(inReplyTo: string | undefined): { sender: Sender; identities: Identity[]; answered: Answered | null } {
    return {
      sender: senderOf(this.#box),
      identities: listIdentities(this.#box),
      answered: inReplyTo === undefined ? null : whatIsAnswered(this.#box, inReplyTo),
    };
  }

  /** Those of these addresses that want no bulk mail of this account. */
  unsubscribedAmong(emails: string[]): string[] {
    return unsubscribedAmong(this.#box.db, emails);
  }

  requireDraft(id: string): void {
    requireDraft(this.#box, id);
  }

  createDraft(composed: Composed): MessageSummary {
    return this.#host.change(() => summaryOf(this.#box, createDraft(this.#box, composed, Date.now())));
  }

  replaceDraft(id: string, composed: Composed): MessageSummary {
    return this.#host.change(() => summaryOf(this.#box, replaceDraft(this.#box, id, composed, Date.now())));
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
    return updateSettings(this.#box.db, update);
  }

  readSubmission(id: string): Submission {
    return readSubmission(this.#box, id, Date.now());
  }

  cancelSubmission(id: string): void {
    this.#host.change(() => cancelSubmission(this.#box, id, Date.now()));
  }

  /** Bringing mail in from files, and taking it out. */
  archive(): ArchiveSession {
    return new ArchiveSession(this.#box, this.#host);
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
