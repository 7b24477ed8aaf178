// Written by `npm run migrations`.
import m0000 from "./0000_first.sql";
import m0001 from "./0001_message_index.sql";
import m0002 from "./0002_search_marks.sql";
import m0003 from "./0003_threads_usage_imports.sql";
import m0004 from "./0004_fill_and_wider_index.sql";
import m0005 from "./0005_sending.sql";
import m0006 from "./0006_receiving.sql";
import m0007 from "./0007_session_kinds.sql";
import m0008 from "./0008_templates.sql";
import journal from "./meta/_journal.json";

export const migrations = { journal, migrations: { m0000, m0001, m0002, m0003, m0004, m0005, m0006, m0007, m0008 } };
