// Written by `npm run migrations`.
import m0000 from "./0000_first.sql";
import journal from "./meta/_journal.json";

export const migrations = { journal, migrations: { m0000 } };
