/** The deployed Worker: a table of contents, no logic. */
import { DurableObject } from "cloudflare:workers";

export class MailboxObject extends DurableObject {}
export class DomainObject extends DurableObject {}
export class BlobObject extends DurableObject {}

const mesh = { fetch: () => new Response("pong") } satisfies ExportedHandler;
export default mesh;
/** The same handler under a name: a local socket that is opened on it passes the asset router by (see gateway/). */
export { mesh };
