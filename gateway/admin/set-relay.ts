/** `set-relay`: the relay that a domain has for itself. The mesh answers without the password, and so does this. */
import type { AdminApi } from "../admin-api.ts";
import type { Options } from "./commands.ts";
import { UsageError } from "./usage-error.ts";
import { requireDomain } from "./values.ts";

export async function setRelay(api: AdminApi, [name = "", url]: string[], { none }: Options): Promise<string[]> {
  requireDomain(name);
  if (url !== undefined && none) throw new UsageError("Either a URL or --none");
  if (url === undefined && !none) return [says(name, (await api.relay(name)).url)];
  return [says(name, (await api.setRelay(name, url ?? null)).url)];
}

const says = (name: string, url: string | null): string =>
  url === null ? `Mail of ${name} leaves as the deployment's does` : `Mail of ${name} leaves through ${url}`;
