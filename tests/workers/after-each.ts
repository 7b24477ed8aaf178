/**
 * What follows the tests in workerd. It is here and not beside what it cleans, since the files share a runtime: their
 * modules are loaded once, so a hook in one of them would be the first file's alone. A setup file runs for each.
 */
import { reset } from "cloudflare:test";
import { afterAll, afterEach } from "vitest";
import { assertCheckedAccounts } from "./mailbox-invariants.ts";
import { restoreOutgoing } from "./outgoing.ts";

afterEach(restoreOutgoing);
afterEach(assertCheckedAccounts);

/** Each file begins in an empty mesh, and no alarm or queue of the last one is left. */
afterAll(reset);
