/** The capability to decide how mail that comes in is sorted and answered: part of an owner's session. */
import { RpcTarget } from "cloudflare:workers";
import type { ChangedResource } from "../../contract/changes.ts";
import type { CreateFilter, Filter, FilterConditions, FilterRun, UpdateFilter } from "../../contract/filters.ts";
import type { MessageSummary } from "../../contract/messages.ts";
import type {
  ListSenderTreatments,
  SenderTreatment,
  SenderTreatmentPage,
  Treatment,
} from "../../contract/sender-treatments.ts";
import type { PutSieveScript, SieveScript, SieveScriptText, SieveState } from "../../contract/sieve.ts";
import type { SpamVerdict } from "../../contract/spam.ts";
import type { Vacation } from "../../contract/vacation.ts";
import * as runs from "./filter-runs.ts";
import { type Candidates, candidatesFor } from "./filter-test.ts";
import * as filters from "./filters.ts";
import { recordUnsubscribed, type UnsubscribeMail, type WantedUnsubscribe, wantedUnsubscribe } from "./leave-list.ts";
import type { Mailbox } from "./mailbox-database.ts";
import { summariesById } from "./read-messages.ts";
import { listTreatments, treatSender, untreatSender } from "./sender-treatments.ts";
import { folderPaths } from "./sieve-folders.ts";
import * as scripts from "./sieve-scripts.ts";
import { readVerdict } from "./spam-score.ts";
import { readVacation, setVacation } from "./vacation.ts";

/** What the object does around a call that changes something: it tells live clients, and sets the alarm. */
interface RulesHost {
  change<T>(work: () => T): T;
  changeResource<T>(resource: ChangedResource, work: () => T): T;
  /** Recipients of a day that the deployment allows; null where there is no limit. */
  sendLimit(): number | null;
}

const LIST_OF = {
  blocked: "blocked-senders",
  never_junk: "never-junk-senders",
  show_images: "image-senders",
} as const satisfies Record<Treatment, ChangedResource>;

export class RulesSession extends RpcTarget {
  readonly #box: Mailbox;
  readonly #host: RulesHost;

  constructor(box: Mailbox, host: RulesHost) {
    super();
    this.#box = box;
    this.#host = host;
  }

  /** Whose mailbox it is: which addresses are its own is for its domain to say. */
  owner(): { user_id: string; email: string } {
    const { user_id, email } = this.#box;
    return { user_id, email };
  }

  /** The Domain has made, changed or deleted one that was given away. */
  aliasesChanged(): void {
    this.#host.changeResource("aliases", () => {});
  }

  listFilters(): Filter[] {
    return filters.listFilters(this.#box);
  }

  readFilter(id: string): Filter {
    return filters.readFilter(this.#box, id);
  }

  createFilter(wanted: CreateFilter): Filter {
    return this.#host.changeResource("filters", () => filters.createFilter(this.#box, wanted, Date.now()));
  }

  updateFilter(id: string, update: UpdateFilter): Filter {
    return this.#host.changeResource("filters", () => filters.updateFilter(this.#box, id, update));
  }

  deleteFilter(id: string): void {
    this.#host.changeResource("filters", () => filters.deleteFilter(this.#box, id));
  }

  orderFilters(ids: string[]): Filter[] {
    return this.#host.changeResource("filters", () => filters.orderFilters(this.#box, ids));
  }

  filterCandidates(conditions: FilterConditions): Candidates {
    return candidatesFor(this.#box, conditions, Date.now());
  }

  summaries(ids: number[]): MessageSummary[] {
    return summariesById(this.#box, ids);
  }

  startRun(filterId: string): FilterRun {
    return this.#host.change(() => runs.startRun(this.#box, filters.readFilter(this.#box, filterId), Date.now()));
  }

  listRuns(filterId: string): FilterRun[] {
    filters.readFilter(this.#box, filterId);
    return runs.listRuns(this.#box, filterId);
  }

  readRun(filterId: string, id: string): FilterRun {
    return runs.readRun(this.#box, filterId, id);
  }

  cancelRun(filterId: string, id: string): FilterRun {
    return this.#host.change(() => runs.cancelRun(this.#box, filterId, id));
  }

  spamVerdict(id: string): SpamVerdict {
    return readVerdict(this.#box, id);
  }

  vacation(): Vacation {
    return readVacation(this.#box.db);
  }

  setVacation(vacation: Vacation): Vacation {
    return this.#host.changeResource("vacation", () => setVacation(this.#box.db, vacation));
  }

  sieve(): SieveState {
    return scripts.sieveState(this.#box);
  }

  readScript(name: string): SieveScriptText {
    return scripts.readScript(this.#box, name);
  }

  activeScript(): SieveScriptText | null {
    return scripts.activeScript(this.#box);
  }

  putScript(name: string, wanted: PutSieveScript): SieveScript {
    return this.#host.changeResource("sieve", () => scripts.putScript(this.#box, name, wanted, Date.now()));
  }

  activateScript(name: string | null): SieveScript | null {
    return this.#host.changeResource("sieve", () => scripts.activateScript(this.#box, name));
  }

  deleteScript(name: string): void {
    this.#host.changeResource("sieve", () => scripts.deleteScript(this.#box, name));
  }

  folderPaths(): string[] {
    return folderPaths(this.#box);
  }

  listTreatments(treatment: Treatment, page: ListSenderTreatments): SenderTreatmentPage {
    return listTreatments(this.#box, treatment, page);
  }

  treatSender(treatment: Treatment, sender: string): SenderTreatment {
    return this.#host.changeResource(LIST_OF[treatment], () => treatSender(this.#box, treatment, sender, Date.now()));
  }

  untreatSender(treatment: Treatment, sender: string): void {
    this.#host.changeResource(LIST_OF[treatment], () => untreatSender(this.#box, treatment, sender));
  }

  wantedUnsubscribe(id: string): WantedUnsubscribe {
    return wantedUnsubscribe(this.#box, id);
  }

  /** `mail`: what leaves for it, where it is done by mail. Null where it was done before. */
  recordUnsubscribed(id: string, mail: UnsubscribeMail | null): { submission_id: string | null } | null {
    return this.#host.change(() => recordUnsubscribed(this.#box, id, mail, this.#host.sendLimit(), Date.now()));
  }
}
