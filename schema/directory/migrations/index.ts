// Written by `npm run migrations`.
import m0000 from "./0000_first.sql";
import m0001 from "./0001_queue_history.sql";
import journal from "./meta/_journal.json";

export const migrations = { journal, migrations: { m0000, m0001 } };
