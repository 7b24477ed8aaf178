/** The relay that a domain has for itself, in place of the deployment's. */
import type { z } from "zod";
import type { DomainRelay } from "../../contract/admin.ts";
import { Failure } from "../../contract/failure.ts";
import type { Env } from "../env.ts";
import { SEND_EMAIL_URL } from "../outbound/transport/choose-transport.ts";
import { parseRelayUrl, withoutPassword } from "../outbound/transport/relay-url.ts";
import { describeDomain, requireDomainName } from "./accounts.ts";

type Relay = z.infer<typeof DomainRelay>;

export async function setRelay(env: Env, name: string, url: string | null): Promise<Relay> {
  const domain = requireDomainName(name, "param.name");
  const checked = url === null ? null : requireRelayUrl(url.trim());
  await env.DOMAIN.getByName(domain).setRelayUrl(checked);
  return shown(checked);
}

export async function readRelay(env: Env, name: string): Promise<Relay> {
  await describeDomain(env, name);
  return shown(await env.DOMAIN.getByName(requireDomainName(name, "param.name")).relayUrl());
}

const shown = (url: string | null): Relay => ({
  url: url === null || url === SEND_EMAIL_URL ? url : withoutPassword(url),
});

function requireRelayUrl(url: string): string {
  if (url === SEND_EMAIL_URL) return url;
  const relay = parseRelayUrl(url);
  if (relay.ok) return url;
  const message = relay.error.message.replace("RELAY_URL", "The URL");
  throw new Failure("bad_request", `${message}.`, [{ at: "body.url", message: relay.error.reason }]);
}
