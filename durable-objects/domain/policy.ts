/** What a domain takes from strangers. It is read with each recipient, so that nobody asks for it a second time. */
import { DomainPolicy, type SetDomainPolicy } from "../../contract/domain-policy.ts";
import { domain } from "../../schema/domain/tables.ts";
import type { DomainDb } from "./domain-database.ts";

export function readPolicy(db: DomainDb): DomainPolicy {
  return DomainPolicy.parse(db.select({ policy: domain.policy }).from(domain).get()?.policy ?? {});
}

export function setPolicy(db: DomainDb, { refused_attachments, dmarc_reject }: SetDomainPolicy): DomainPolicy {
  const before = readPolicy(db);
  const policy: DomainPolicy = {
    refused_attachments: refused_attachments ? [...new Set(refused_attachments)] : before.refused_attachments,
    dmarc_reject: dmarc_reject ?? before.dmarc_reject,
  };
  db.update(domain).set({ policy }).run();
  return policy;
}
