/** The bindings that objects use: see wrangler.toml. */
import type { BlobObject } from "./blob/blob-object.ts";
import type { DestinationObject } from "./destination/destination-object.ts";
import type { DirectoryObject } from "./directory/directory-object.ts";
import type { DomainObject } from "./domain/domain-object.ts";
import type { MailboxObject } from "./mailbox/mailbox-object.ts";

export interface ObjectEnv {
  MAILBOX: DurableObjectNamespace<MailboxObject>;
  DOMAIN: DurableObjectNamespace<DomainObject>;
  BLOB: DurableObjectNamespace<BlobObject>;
  DESTINATION: DurableObjectNamespace<DestinationObject>;
  DIRECTORY: DurableObjectNamespace<DirectoryObject>;
  MAIL: R2Bucket;
  INBOUND: Queue;
  OUTBOUND: Queue;
  OUTBOUND_BULK: Queue;
  /** Recipients outside their domain that an account may write to in a day, 500 without it; 0 is no limit. See warm-up.ts. */
  SEND_LIMIT_PER_DAY?: string;
  /** How fast mail may come in: `off`, or numbers; see contract/receive-limits.ts. */
  RECEIVE_LIMITS?: string;
  /** From this size on a Mailbox's oldest bodies are read from R2 instead; see mailbox/housekeeping.ts. */
  BODY_BUDGET_BYTES?: string;
  /** Seconds between tries, comma-separated, and three more times; see mailbox/retry-schedule.ts. */
  RETRY_DELAYS_SECONDS?: string;
  RETRY_FOR_SECONDS?: string;
  DELAY_NOTICE_SECONDS?: string;
  UNCERTAIN_DELAY_SECONDS?: string;
}
