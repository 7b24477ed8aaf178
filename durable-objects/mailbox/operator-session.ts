/** The capability of an operator, who has no password of the owner: to look after a mailbox, its mail and its sending. */
import { RpcTarget } from "cloudflare:workers";
import type { VerifyPage } from "../../contract/admin.ts";
import type { Sending, SetSending } from "../../contract/sending.ts";
import type { ObjectEnv } from "../env.ts";
import { fullLimit } from "../warm-up.ts";
import { ArchiveSession } from "./archive-session.ts";
import type { Mailbox } from "./mailbox-database.ts";
import type { SessionHost } from "./mailbox-session.ts";
import { giveUp } from "./operator-requests.ts";
import { setQuota } from "./quota.ts";
import { finishRestore, notReleased, type Restored, type RestoreResult, restore } from "./restore.ts";
import { readSending, setDailyRecipients } from "./sending-limits.ts";
import { liftStop, stopSending } from "./sending-stop.ts";
import { verify } from "./verify.ts";

export class OperatorSession extends RpcTarget {
  readonly #box: Mailbox;
  readonly #env: ObjectEnv;
  readonly #host: Pick<SessionHost, "change">;

  constructor(box: Mailbox, env: ObjectEnv, host: Pick<SessionHost, "change">) {
    super();
    this.#box = box;
    this.#env = env;
    this.#host = host;
  }

  /** A slice of the mailbox, looked through for what does not fit together. */
  verify(after: number): Promise<VerifyPage> {
    return verify(this.#box, this.#env, after);
  }

  notReleased(keys: string[]): string[] {
    return notReleased(this.#box, keys);
  }

  restore(found: Restored[]): RestoreResult {
    return this.#host.change(() => restore(this.#box, found, Date.now()));
  }

  finishRestore(): void {
    this.#host.change(() => finishRestore(this.#box));
  }

  setQuota(bytes: number): void {
    setQuota(this.#box.db, bytes);
  }

  setSending({ daily_recipients, is_stopped }: SetSending): Sending {
    const now = Date.now();
    return this.#host.change(() => {
      if (daily_recipients !== undefined) setDailyRecipients(this.#box.db, daily_recipients);
      if (is_stopped === true) stopSending(this.#box, "An operator stopped it.", now);
      if (is_stopped === false) liftStop(this.#box, now);
      return readSending(this.#box, fullLimit(this.#env.SEND_LIMIT_PER_DAY), now);
    });
  }

  /** How many recipients in this domain have failed by it. */
  giveUp(submissionId: number, domain: string): number {
    return this.#host.change(() => giveUp(this.#box, submissionId, domain, Date.now()));
  }

  /** Bringing mail in from files, and taking it out. */
  archive(): ArchiveSession {
    return new ArchiveSession(this.#box, this.#host);
  }
}
