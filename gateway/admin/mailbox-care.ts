/** `verify` and `rebuild`: long looks at one mailbox, slice by slice, with their progress. */
import type { AdminApi } from "../admin-api.ts";
import { ProgressBar } from "./progress-bar.ts";
import { shownAddress } from "./shown.ts";
import { CommandFailed } from "./usage-error.ts";

/** Problems that are printed; a broken mailbox may have as many as messages. */
const PRINTED = 100;

export async function verify(api: AdminApi, [email = ""]: string[]): Promise<string[]> {
  const progress = new ProgressBar("Looking through");
  const problems: string[] = [];
  let checked = 0;
  for (let after: number | null = -1; after !== null; ) {
    const page: Awaited<ReturnType<AdminApi["verify"]>> = await api.verify(email, after);
    checked += page.checked;
    problems.push(...page.problems.map(({ at, message }) => `${at}: ${message}`));
    progress.show(checked, page.total, `${checked} of ${page.total} messages`);
    after = page.next;
  }
  progress.clear();
  if (problems.length === 0) return [`${shownAddress(email)}: ${checked} messages, nothing wrong`];
  const left = problems.length > PRINTED ? [`… and ${problems.length - PRINTED} more`] : [];
  const summary = `${shownAddress(email)}: ${checked} messages, ${problems.length} things wrong; rebuild may mend it`;
  throw new CommandFailed([...problems.slice(0, PRINTED), ...left, summary].join("\n"));
}

export async function rebuild(api: AdminApi, [email = ""]: string[]): Promise<string[]> {
  const progress = new ProgressBar("Reading again");
  let [refreshed, added] = [0, 0];
  for (let after: string | null = ""; after !== null; ) {
    const page: Awaited<ReturnType<AdminApi["rebuild"]>> = await api.rebuild(email, after);
    refreshed += page.refreshed;
    added += page.added;
    progress.show(refreshed + added, null, `${refreshed + added} messages`);
    after = page.next;
  }
  progress.clear();
  return [`${shownAddress(email)}: ${refreshed} messages read again, ${added} that were missing came back`];
}
