/** The commands: what each takes, does and prints. */
import type { AdminApi } from "../admin-api.ts";
import { askPassword } from "./password.ts";
import { table } from "./table.ts";
import { UsageError } from "./usage-error.ts";

export const HELP = `Usage: npm run admin -- COMMAND

  create-domain NAME                     take mail for a domain
  create-account EMAIL [--name NAME] [--password PASSWORD]
  set-password EMAIL [--password PASSWORD]
                                         without --password it is asked for, or read from standard input
  create-alias EMAIL TARGET…             '*@domain' takes what no other address of the domain does
  delete-alias EMAIL
  list [DOMAIN]                          the domains; or the accounts and aliases of one
  dead-letters                           what could not be processed
  retry ID                               try a dead letter again

The mesh is the local one of npm start (PORT, MAILMESH_STATE), or the one that
MAILMESH_URL and MAILMESH_ADMIN_SECRET name.`;

interface Options {
  password?: string | undefined;
  name?: string | undefined;
}

export interface Command {
  check: (operands: string[]) => void;
  run: (api: AdminApi, operands: string[], options: Options) => Promise<string[]>;
}

/** The operands are checked before the mesh is looked for, so `run` finds as many as it named. */
function command(usage: string, [least, most]: [number, number], run: Command["run"]): Command {
  const check = (operands: string[]) => {
    if (operands.length < least || operands.length > most) throw new UsageError(`Usage: npm run admin -- ${usage}`);
  };
  return { check, run };
}

const COMMANDS = new Map<string, Command>([
  ["create-domain", command("create-domain NAME", [1, 1], createDomain)],
  ["create-account", command("create-account EMAIL [--name NAME] [--password PASSWORD]", [1, 1], createAccount)],
  ["set-password", command("set-password EMAIL [--password PASSWORD]", [1, 1], setPassword)],
  ["create-alias", command("create-alias EMAIL TARGET…", [2, 101], createAlias)],
  ["delete-alias", command("delete-alias EMAIL", [1, 1], deleteAlias)],
  ["list", command("list [DOMAIN]", [0, 1], list)],
  ["dead-letters", command("dead-letters", [0, 0], deadLetters)],
  ["retry", command("retry ID", [1, 1], retry)],
]);

export function findCommand(name: string): Command {
  const found = COMMANDS.get(name);
  if (found === undefined) throw new UsageError(`Unknown command ${JSON.stringify(name)}`);
  return found;
}

async function createDomain(api: AdminApi, [name = ""]: string[]) {
  const domain = await api.createDomain(name);
  return [`Created ${shown(domain)}`];
}

async function createAccount(api: AdminApi, [email = ""]: string[], { password, name }: Options) {
  const account = await api.createAccount({
    email,
    password: password ?? (await askPassword(email)),
    ...(name === undefined ? {} : { name }),
  });
  return [`Created ${account.email} (${account.user_id})`];
}

async function setPassword(api: AdminApi, [email = ""]: string[], { password }: Options) {
  await api.setPassword(email, password ?? (await askPassword(email)));
  return [`Changed the password of ${email} and ended its sessions`];
}

async function createAlias(api: AdminApi, [email = "", ...targets]: string[]) {
  const alias = await api.putAlias(email, targets);
  return [`${alias.email} → ${alias.targets.join(", ")}`];
}

async function deleteAlias(api: AdminApi, [email = ""]: string[]) {
  await api.deleteAlias(email);
  return [`Deleted ${email}`];
}

async function list(api: AdminApi, [name]: string[]) {
  return name === undefined ? listDomains(api) : listDomain(api, name);
}

async function listDomains(api: AdminApi) {
  const domains = await api.listDomains();
  if (domains.length === 0) return ["No domains yet"];
  const rows = domains.map((one) => [shown(one), String(one.accounts), String(one.aliases), dayOf(one.created_at)]);
  return table(["DOMAIN", "ACCOUNTS", "ALIASES", "CREATED"], rows);
}

async function listDomain(api: AdminApi, name: string) {
  const domain = await api.domain(name);
  const accounts = domain.account_list.map((one) => [one.email, one.user_id, dayOf(one.created_at)]);
  const aliases = domain.alias_list.map((one) => [one.email, one.targets.join(", ")]);
  return [
    shown(domain),
    "",
    ...(accounts.length === 0 ? ["No accounts"] : table(["ACCOUNT", "USER ID", "CREATED"], accounts)),
    "",
    ...(aliases.length === 0 ? ["No aliases"] : table(["ALIAS", "TARGETS"], aliases)),
  ];
}

async function deadLetters(api: AdminApi) {
  const letters = await api.listDeadLetters();
  if (letters.length === 0) return ["No dead letters"];
  const rows = letters.map((one) => [one.id, one.queue, one.died_at, JSON.stringify(one.body)]);
  return table(["ID", "QUEUE", "DIED", "WHAT"], rows);
}

async function retry(api: AdminApi, [id = ""]: string[]) {
  await api.retryDeadLetter(id);
  return [`${id} will be tried again`];
}

/** Both forms of an internationalised name (RFC 5890 §2.3.2.1). */
function shown(domain: { name: string; display_name: string }): string {
  return domain.display_name === domain.name ? domain.name : `${domain.display_name} (${domain.name})`;
}

function dayOf(time: string): string {
  return time.slice(0, 10);
}
