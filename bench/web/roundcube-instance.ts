/**
 * A Roundcube of our own: Debian's, whose configuration, database and web server are in a scratch folder, before a Dovecot
 * of our own. Nothing of what the machine serves itself is read or touched.
 */
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chownSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { freePorts } from "../../tests/support/free-ports.ts";
import { missingPackages as missingForDovecot, owners, startDovecot } from "../peers/dovecot-instance.ts";
import { ask, environment, scratchFolder } from "../peers/programs.ts";
import { once } from "../peers/system.ts";

const PROGRAM = "/usr/share/roundcube";
const PAGES = "/var/lib/roundcube/public_html";
const MODULES = "/usr/lib/apache2/modules";

export interface RoundcubeInstance {
  url: string;
  stop(): Promise<void>;
}

/** What is not installed of what is needed, by the names of Debian's packages. */
export function missingPackages(): string[] {
  const needed = {
    "roundcube-core": existsSync(join(PROGRAM, "SQL/sqlite.initial.sql")) && existsSync(PAGES),
    "roundcube-plugins": existsSync(join(PROGRAM, "plugins/archive")),
    "roundcube-sqlite3": ask("php", "-m")?.includes("pdo_sqlite") ?? false,
    "libapache2-mod-php": phpModule() !== undefined,
  };
  const missing = Object.entries(needed).filter(([, isThere]) => !isThere);
  return [...missing.map(([name]) => name), ...missingForDovecot()];
}

const phpModule = () =>
  existsSync(MODULES) ? readdirSync(MODULES).find((name) => /^libphp.*\.so$/.test(name)) : undefined;

/** `homes` is where Dovecot has the mail. */
export async function startRoundcube(homes: string): Promise<RoundcubeInstance> {
  const dovecot = await startDovecot({ mail: homes });
  const scratch = scratchFolder("bench-roundcube");
  const [http] = await freePorts();
  writeFolder(scratch.folder, http, dovecot.imap);
  const child = spawn("apache2", ["-f", join(scratch.folder, "apache.conf"), "-DFOREGROUND"], {
    ...{ env: environment, stdio: "ignore" },
    // As it ends it ends its process group, which is otherwise ours.
    detached: true,
  });
  const kill = () => void child.kill("SIGTERM");
  process.once("exit", kill);
  const ended = new Promise<void>((resolve) => {
    child.once("error", () => resolve());
    child.once("exit", () => resolve());
  });
  const stop = once(async () => {
    kill();
    await ended;
    process.off("exit", kill);
    await dovecot.stop();
    scratch.remove();
  });
  const url = `http://127.0.0.1:${http}`;
  try {
    await untilServed(url);
  } catch (error) {
    const log = join(scratch.folder, "errors");
    const said = existsSync(log) ? readFileSync(log, "utf8") : "Apache wrote no log";
    await stop();
    throw new Error(`Roundcube did not start: ${said}`, { cause: error });
  }
  return { url, stop };
}

async function untilServed(url: string): Promise<void> {
  for (let tries = 100; ; tries--) {
    const answer = await fetch(url).catch((error: Error) => error);
    if (!(answer instanceof Error) && answer.ok) return;
    if (tries === 0) throw new Error("no page after five seconds", { cause: answer });
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function writeFolder(folder: string, http: number, imap: number): void {
  for (const name of ["config", "temp", "logs", "database"]) mkdirSync(join(folder, name));
  // Debian's defaults and types, as they are.
  for (const name of ["defaults.inc.php", "mimetypes.php"]) {
    writeFileSync(join(folder, "config", name), `<?php return include "/etc/roundcube/${name}";\n`);
  }
  writeFileSync(join(folder, "config/config.inc.php"), settings(folder, imap));
  writeFileSync(join(folder, "apache.conf"), apacheConfiguration(folder, http));
  const database = new DatabaseSync(join(folder, "database/sqlite"));
  database.exec(readFileSync(join(PROGRAM, "SQL/sqlite.initial.sql"), "utf8"));
  database.close();
  if (userInfo().uid !== 0) return;
  const [owner, group] = owners().map(Number);
  for (const name of ["", ...readdirSync(folder, { recursive: true, encoding: "utf8" })]) {
    chownSync(join(folder, name), owner ?? 0, group ?? 0);
  }
}

/** As shipped, with the Archive plugin, its own folders and both of its caches. */
const settings = (folder: string, imap: number) => `<?php
$config['db_dsnw'] = 'sqlite:///${folder}/database/sqlite?mode=0600';
$config['imap_host'] = '127.0.0.1:${imap}';
$config['des_key'] = '${randomBytes(12).toString("hex")}';
$config['log_dir'] = '${folder}/logs/';
$config['temp_dir'] = '${folder}/temp/';
$config['skin'] = 'elastic';
$config['plugins'] = ['archive'];
$config['archive_mbox'] = 'Archive';
$config['create_default_folders'] = true;
$config['imap_cache'] = 'db';
$config['messages_cache'] = true;
`;

/** PHP in Apache with Roundcube's own .htaccess, which compresses and lets the browser keep files for a month. */
function apacheConfiguration(folder: string, http: number): string {
  const modules = [
    "authz_core",
    "deflate",
    "dir",
    "env",
    "expires",
    "filter",
    "headers",
    "mime",
    "rewrite",
    "setenvif",
  ];
  const [owner, group] = owners();
  return `
${["mpm_prefork", ...modules].map((name) => `LoadModule ${name}_module ${MODULES}/mod_${name}.so`).join("\n")}
LoadModule php_module ${MODULES}/${phpModule()}
${userInfo().uid === 0 ? `User "#${owner}"\nGroup "#${group}"` : ""}
# A process for each connection of a browser, which keeps several open: more are started only once a second.
StartServers 20
MinSpareServers 20
ServerName 127.0.0.1
Listen 127.0.0.1:${http}
PidFile ${folder}/pid
ErrorLog ${folder}/errors
DefaultRuntimeDir ${folder}
TypesConfig /etc/mime.types
DocumentRoot ${PAGES}
DirectoryIndex index.php
SetEnv ROUNDCUBE_CONFIG_DIR ${folder}/config
<Directory />
  AllowOverride None
</Directory>
<Directory ${PAGES}>
  AllowOverride All
  Options +FollowSymLinks
</Directory>
<FilesMatch "\\.php$">
  SetHandler application/x-httpd-php
</FilesMatch>
`;
}
