/** What the owner chose. Kept as one JSON value: what a newer version added has its default until it is set. */
import { Settings, type UpdateSettings } from "../../contract/settings.ts";
import { account } from "../../schema/mailbox/tables.ts";
import type { MailboxDb } from "./mailbox-database.ts";

export function readSettings(db: MailboxDb): Settings {
  return Settings.parse(storedSettings(db));
}

const storedSettings = (db: MailboxDb) => db.select({ settings: account.settings }).from(account).get()?.settings ?? {};

export function updateSettings(db: MailboxDb, update: UpdateSettings): Settings {
  const stored = storedSettings(db);
  const settings = Settings.parse({ ...stored, ...update });
  // What stands beside them stays: vacation.ts.
  db.update(account)
    .set({ settings: { ...stored, ...settings } })
    .run();
  return settings;
}
