// Written by `npm run migrations`.
import m0000 from "./0000_first.sql";
import m0001 from "./0001_strangers_by_window.sql";
import m0002 from "./0002_sending.sql";
import m0003 from "./0003_receiving.sql";
import m0004 from "./0004_alias_of_account.sql";
import journal from "./meta/_journal.json";

export const migrations = { journal, migrations: { m0000, m0001, m0002, m0003, m0004 } };
