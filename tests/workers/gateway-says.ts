/** What a gateway found out about a message, in the words that it hands over beside it, and what became of it. */
import type { Account } from "./mesh.ts";

export const by = (results: string) => ({ "authentication-results": `mx.gateway.test; ${results}` });
export const PASSES =
  "dkim=pass header.d=far.example header.s=s1; dmarc=pass header.from=far.example policy.dmarc=reject; spf=none";
export const FAILS = (policy: string) =>
  `dkim=none; dmarc=fail header.from=far.example policy.dmarc=${policy}; spf=fail smtp.mailfrom=evil.example`;

export async function newest(account: Account, role: "inbox" | "junk" = "inbox") {
  const [summary] = await account.messages(role);
  const message = await account.open(summary?.id ?? "");
  const raw = await (await account.call("GET", `/messages/${message.id}/raw`)).text();
  return { message, raw };
}
