/** What the owner chose. Kept as one JSON value of what was ever set: all else has its default, whatever that is by now. */
import { Settings, type UpdateSettings } from "../../contract/settings.ts";
import { account } from "../../schema/mailbox/tables.ts";
import type { MailboxDb } from "./mailbox-database.ts";

export function readSettings(db: MailboxDb): Settings {
  return Settings.parse(storedSettings(db));
}

const storedSettings = (db: MailboxDb) => db.select({ settings: account.settings }).from(account).get()?.settings ?? {};

export function updateSettings(db: MailboxDb, update: UpdateSettings): Settings {
  // What stands beside them stays: vacation.ts.
  const settings = { ...storedSettings(db), ...update };
  db.update(account).set({ settings }).run();
  return Settings.parse(settings);
}
