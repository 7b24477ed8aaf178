/** The deployed Worker: a table of contents, no logic. */
import type { Env } from "./env.ts";
import { email } from "./inbound/email-door.ts";
import { queue } from "./queues/queue.ts";
import { routeHttp } from "./route-http.ts";
import { scheduled } from "./scheduled.ts";

export { BlobObject } from "../durable-objects/blob/blob-object.ts";
export { DestinationObject } from "../durable-objects/destination/destination-object.ts";
export { DirectoryObject } from "../durable-objects/directory/directory-object.ts";
export { DomainObject } from "../durable-objects/domain/domain-object.ts";
export { MailboxObject } from "../durable-objects/mailbox/mailbox-object.ts";

const mesh = {
  fetch: (request, env, ctx) => routeHttp.fetch(request, env, ctx), // the API, the door for mail, the web client
  email, // mail from Cloudflare MX
  queue, // letters that wait for their Mailbox, submissions on their way out, dead letters
  scheduled, // each minute: whatever a queue may have lost
} satisfies ExportedHandler<Env>;

export default mesh;
/** The same handler under a name: a local socket that is opened on it passes the asset router by (see gateway/). */
export { mesh };
