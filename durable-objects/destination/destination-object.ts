/**
 * One domain that mail leaves for: how fast it takes mail, what waits for it, and what came of what was sent. Named by
 * the domain's A-label form, which every writing call says again, because an alarm does not know it. This class is the
 * RPC surface; the work is in the modules beside it.
 *
 * Nothing here is needed for mail to leave: a consumer that gets no answer sends all the same.
 */
import { DurableObject } from "cloudflare:workers";
import { migrations } from "../../schema/destination/migrations/index.ts";
import * as tables from "../../schema/destination/tables.ts";
import type { ObjectEnv } from "../env.ts";
import { LazyDatabase } from "../open-database.ts";
import * as counters from "./counters.ts";
import type { DestinationDb } from "./destination-database.ts";
import type { Outcome } from "./signal.ts";
import { signalOf } from "./signal.ts";
import * as slots from "./slots.ts";
import { askAfterStale, tellDirectory } from "./tend.ts";
import { Turns } from "./turns.ts";
import * as waiting from "./waiting.ts";

/** How long a call may wait for a slot: about as long as a few transactions take, and much less than a lease. */
const WAIT_FOR_SLOT_MS = 5_000;
/**
 * Changes are gathered before the Directory hears of them: what waits soon, mere counts later, and neither more often
 * than twice a minute, so that it can hear ten thousand destinations.
 */
const TELL_SOON_MS = 2_000;
const TELL_LATER_MS = 30_000;
/** When the Directory did not answer. */
const TELL_AGAIN_MS = 60_000;

export interface Settlement {
  /** Null: it was not admitted, because the throttle is switched off or did not answer. */
  slot: number | null;
  outcomes: Outcome[];
  key: waiting.WaitingKey;
}

export class DestinationObject extends DurableObject<ObjectEnv> {
  readonly #database: LazyDatabase<typeof tables>;
  readonly #turns = new Turns();
  /** Something changed that the Directory has not been told. */
  #isUntold = false;
  #toldAt = 0;

  constructor(ctx: DurableObjectState, env: ObjectEnv) {
    super(ctx, env);
    this.#database = new LazyDatabase(ctx, tables, migrations);
  }

  /** Whether one more transaction may begin. Waits a moment for one to end where only that is missing. */
  async admit(name: string): Promise<slots.Admission> {
    const db = await this.#open(name);
    for (const end = Date.now() + WAIT_FOR_SLOT_MS; ; ) {
      const admission = slots.admit(db, name, Date.now(), Math.random());
      if (admission.granted || admission.why === "later" || Date.now() >= end) return admission;
      await this.#turns.next(end - Date.now());
    }
  }

  /** What became of an attempt: the throttle learns from it, it is counted, and what is over does not wait any more. */
  async settle(name: string, { slot, outcomes, key }: Settlement): Promise<void> {
    const db = await this.#open(name);
    const signal = signalOf(outcomes);
    if (slot !== null) this.#turns.wake(slots.endSlot(db, name, slot, signal, Date.now()));
    counters.add(db, counters.countsOf(outcomes));
    const waits = outcomes.some(({ result }) => result === "deferred" || result === "uncertain");
    // Without results the transport broke, and what waited waits still.
    const ended = outcomes.length > 0 && !waits && waiting.noLongerWaits(db, key);
    await this.#tellIn(ended || signal === "stop" ? TELL_SOON_MS : TELL_LATER_MS);
  }

  /** A submission of which some recipients are still to be sent to. */
  async waits(name: string, waits: waiting.Waits): Promise<void> {
    waiting.keepWaiting(await this.#open(name), waits, Date.now());
    await this.#tellIn(TELL_SOON_MS);
  }

  async noLongerWaits(name: string, key: waiting.WaitingKey): Promise<void> {
    if (waiting.noLongerWaits(await this.#open(name), key)) await this.#tellIn(TELL_SOON_MS);
  }

  /** What was found out otherwise than by sending: a bounce, a complaint, a delivery that was reported later. */
  async count(name: string, counts: counters.Counts): Promise<void> {
    counters.add(await this.#open(name), counts);
    await this.#tellIn(TELL_LATER_MS);
  }

  /** What waits, and how fast the domain takes mail. Null: nothing was ever sent there. */
  describe(after: [number, number] | null, limit: number) {
    const db = this.#database.existing;
    if (db === null) return null;
    return {
      ...waiting.waitingTotals(db),
      causes: waiting.waitingCauses(db),
      throttle: { ...slots.readThrottle(db), running: slots.running(db) },
      waiting: waiting.listWaiting(db, after, limit),
    };
  }

  /** The operator wants all of it tried now: what is not due yet comes back, a part at a time, and counts as due. */
  async hurry(name: string, limit: number): Promise<{ keys: waiting.WaitingKey[]; left: number } | null> {
    const db = this.#database.existing;
    if (db === null) return null;
    const now = Date.now();
    slots.resetThrottle(db, name);
    const keys = waiting.notYetDue(db, now, limit);
    for (const key of keys) waiting.setNextAttempt(db, key, now);
    await this.#tellIn(TELL_SOON_MS);
    return { keys, left: waiting.countNotYetDue(db, now) };
  }

  override async alarm(): Promise<void> {
    const db = this.#database.existing;
    const name = db && slots.nameOf(db);
    if (db === null || name === null) return;
    // Whatever breaks off below is taken up again.
    await this.ctx.storage.setAlarm(Date.now() + TELL_AGAIN_MS);
    await askAfterStale(db, this.env, name, Date.now());
    this.#isUntold = false;
    try {
      await tellDirectory(db, this.env, name, Date.now());
      this.#toldAt = Date.now();
    } catch (error) {
      return console.error("directory not told", { name, error });
    }
    const next = this.#isUntold ? Date.now() + TELL_LATER_MS : waiting.nextStale(db);
    if (next === null) await this.ctx.storage.deleteAlarm();
    else await this.ctx.storage.setAlarm(next);
  }

  async #open(name: string): Promise<DestinationDb> {
    const known = this.#database.existing;
    if (known !== null) return known;
    const db = await this.#database.create();
    slots.remember(db, name);
    return db;
  }

  async #tellIn(milliseconds: number): Promise<void> {
    this.#isUntold = true;
    const wanted = Math.max(Date.now() + milliseconds, this.#toldAt + TELL_LATER_MS);
    const at = await this.ctx.storage.getAlarm();
    if (at === null || at > wanted) await this.ctx.storage.setAlarm(wanted);
  }
}
