/** Which mesh, and with which secret: the environment's, else the one that `npm start` runs here. */
import { AdminApi } from "../admin-api.ts";
import { readSettings } from "../settings.ts";
import { SECRETS_FILE, Secrets, StateFolder } from "../state.ts";

export class NotConnected extends Error {}

export async function connectAdmin(environment: Record<string, string | undefined>): Promise<AdminApi> {
  const { MAILMESH_URL: url, MAILMESH_ADMIN_SECRET: secret } = environment;
  // The local secret must never travel to another machine.
  if (url && !secret) throw new NotConnected("MAILMESH_URL needs MAILMESH_ADMIN_SECRET beside it");
  if (url && !/^https?:$/.test(URL.parse(url)?.protocol ?? ""))
    throw new NotConnected("MAILMESH_URL is not a web address");
  if (url && secret) return new AdminApi(url, secret);
  const settings = readSettings(environment);
  const host = ["0.0.0.0", "::"].includes(settings.host) ? "127.0.0.1" : settings.host;
  const local = `http://${host.includes(":") ? `[${host}]` : host}:${settings.httpPort}`;
  return new AdminApi(local, secret || (await localSecret(settings.stateFolder)));
}

async function localSecret(folder: string): Promise<string> {
  const secrets = await new StateFolder(folder).read(SECRETS_FILE, Secrets);
  if (secrets !== undefined) return secrets.admin_secret;
  throw new NotConnected(
    `No mesh has been started on ${folder}. Run npm start, or set MAILMESH_URL and MAILMESH_ADMIN_SECRET.`,
  );
}
