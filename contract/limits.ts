/** The named limits of the service. Each is met where the input enters, and has a test. */

/** Email Routing takes 25 MiB in all; the gateway announces the same in SIZE (RFC 1870). */
export const MAX_MESSAGE_BYTES = 25 * 1024 * 1024;

/** What is written here gets signatures in front, and what a list needs: with them it must still be taken everywhere. */
export const MAX_SENT_BYTES = MAX_MESSAGE_BYTES - 16 * 1024;

/** Of a mailbox that was given no other. */
export const DEFAULT_QUOTA_BYTES = 15 * 1024 ** 3;

/** A JSON body: attachments in it are in base64 already, as they are in the message that is made of it. */
export const MAX_REQUEST_BYTES = 27 * 1024 * 1024;

/** The longest undo window. */
export const MAX_UNDO_SECONDS = 120;

/** Recipients of one submission, To, Cc and Bcc together. */
export const MAX_SUBMISSION_RECIPIENTS = 500;

/** RFC 5321 §4.5.3.1.8 asks a server to take at least 100 recipients a transaction. */
export const MAX_ENVELOPE_RECIPIENTS = 100;

/** RFC 5321 §4.5.3.1.3: a path is at most 256 octets with its angle brackets. */
export const MAX_ADDRESS_OCTETS = 254;

/** RFC 5321 §6.3: Received fields beyond this number mean that a message goes round in circles. */
export const MAX_HOPS = 50;

/** Of a header, so much is looked at by filters and Sieve scripts. */
export const MAX_EXAMINED_HEADER_BYTES = 64 * 1024;

/** Ids in one `POST /v1/messages/batch`. */
export const MAX_BATCH = 1000;

/** Rows in one page of a list. */
export const MAX_PAGE = 100;
export const DEFAULT_PAGE = 50;

/** Recipients that a message shows in a list; opened, it shows all. A mailing's thousands, a hundred times, are no page. */
export const MAX_LISTED_RECIPIENTS = 20;

/** Senders that an account blocks, and those whose mail it never wants taken for junk. */
export const MAX_SENDER_TREATMENTS = 1000;

/** Addresses that an account made to give away. */
export const MAX_DISPOSABLE_ALIASES = 100;

/** Aliases of its domain that an account is told to be its own. */
export const MAX_SHOWN_ALIASES = 200;

/** Addresses that an account writes as. */
export const MAX_IDENTITIES = 50;

/** Logins of one account; one more ends the one that was used the longest time ago. */
export const MAX_SESSIONS = 200;

/** Tokens that an account made for its programs. */
export const MAX_APP_TOKENS = 50;

/** Templates of an account, which are read all at once, and what one may be. */
export const MAX_TEMPLATES = 100;
export const MAX_TEMPLATE_CHARACTERS = 20_000;
export const MAX_TEMPLATE_HTML_CHARACTERS = 50_000;

/** Keywords of one message. */
export const MAX_KEYWORDS = 50;

/** Messages of one account that are snoozed at a time. */
export const MAX_SNOOZED = 1000;

/** A list collapsed by thread counts so many of a thread's messages: "99+". */
export const MAX_COUNTED_IN_THREAD = 100;

/** Folders of one message, and those that one update names. */
export const MAX_FOLDERS_OF_MESSAGE = 100;

/** Own folders of one account, and how deep they nest. */
export const MAX_FOLDERS = 500;
export const MAX_FOLDER_DEPTH = 10;

/** The longest query string that search reads; what follows is cut off and reported. */
export const MAX_QUERY_CHARACTERS = 1000;

/** Searches that an account keeps by name, and of those that were only made. */
export const MAX_SAVED_SEARCHES = 100;
export const MAX_RECENT_SEARCHES = 20;

/** A file of mail that is brought in, and one part of it: a request holds what a Worker's memory does several times over. */
export const MAX_IMPORT_BYTES = 100 * 1024 * 1024 * 1024;
export const MAX_IMPORT_PART_BYTES = 16 * 1024 * 1024;

/** What was given out has our trace fields in front, and must come back. */
export const MAX_IMPORTED_MESSAGE_BYTES = MAX_MESSAGE_BYTES + 64 * 1024;

/** Imports of one account that are not done yet, and those that are remembered. */
export const MAX_OPEN_IMPORTS = 5;
export const MAX_KEPT_IMPORTS = 20;

/** What an import says of what it could not read. */
export const MAX_REPORT_ENTRIES = 1000;

/** A file on its way into a message has at most what a message may have. It comes in parts; all but the last are this large. */
export const MAX_UPLOAD_BYTES = MAX_MESSAGE_BYTES;
export const MIN_UPLOAD_PART_BYTES = 256 * 1024;
export const MAX_UPLOAD_PART_BYTES = 8 * 1024 * 1024;

/** Uploads of one account that have not expired, and the bytes that they were announced with, all together. */
export const MAX_UPLOADS = 400;
export const MAX_UPLOADED_BYTES = 20 * MAX_MESSAGE_BYTES;

/** Attachments of one message. */
export const MAX_ATTACHMENTS = 200;

/** Seconds that `GET /v1/changes` holds a request open. */
export const MAX_WAIT_SECONDS = 30;

/** Filters of an account, and what each has: header matches, addresses that it forwards to. */
export const MAX_FILTERS = 200;

/** Sieve scripts of an account. What one may be and do is in mail/sieve/limits.ts. */
export const MAX_SIEVE_SCRIPTS = 50;
export const MAX_HEADER_MATCHES = 10;
export const MAX_FORWARDS = 5;

/** What an automatic answer says: a filter's, or a vacation notice. */
export const MAX_ANSWER_CHARACTERS = 20_000;

/** Runs of filters over the mail that is here: at once, and remembered. */
export const MAX_OPEN_RUNS = 3;
export const MAX_KEPT_RUNS = 20;

/** An image that is shown through the proxy, and one that the proxy keeps. */
export const MAX_PROXIED_IMAGE_BYTES = 10 * 1024 * 1024;
export const MAX_KEPT_IMAGE_BYTES = 1024 * 1024;
