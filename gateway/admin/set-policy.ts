/** `set-policy`: what a domain takes from strangers. */
import { AttachmentDanger } from "../../contract/attachment-scan.ts";
import { type DomainPolicy, SetDomainPolicy } from "../../contract/domain-policy.ts";
import type { AdminApi } from "../admin-api.ts";
import type { Options } from "./commands.ts";
import { ValueError } from "./usage-error.ts";
import { requireDomain } from "./values.ts";

export async function setPolicy(api: AdminApi, [name = ""]: string[], options: Options): Promise<string[]> {
  requireDomain(name);
  const dmarc = options["dmarc-reject"];
  const attachments = options["refuse-attachments"];
  if (dmarc === undefined && attachments === undefined) return says(name, await api.policy(name));
  const changes = {
    ...(dmarc === undefined ? {} : { dmarc_reject: requireDmarcReject(dmarc) }),
    ...(attachments === undefined ? {} : { refused_attachments: requireDangers(attachments) }),
  };
  return says(name, await api.setPolicy(name, changes));
}

function requireDmarcReject(text: string) {
  const wanted = SetDomainPolicy.shape.dmarc_reject.safeParse(text);
  if (!wanted.success) throw new ValueError(`--dmarc-reject is obey or mark, not ${JSON.stringify(text)}`);
  return wanted.data;
}

function requireDangers(text: string): AttachmentDanger[] {
  if (text === "none") return [];
  return text.split(",").map((word) => {
    const danger = AttachmentDanger.safeParse(word.trim());
    if (danger.success) return danger.data;
    throw new ValueError(`${JSON.stringify(word)} is neither none nor one of ${AttachmentDanger.options.join(", ")}`);
  });
}

const says = (name: string, { dmarc_reject, refused_attachments }: DomainPolicy): string[] => [
  dmarc_reject === "obey"
    ? `${name} refuses what fails a DMARC policy of reject`
    : `${name} takes what fails a DMARC policy of reject, as junk`,
  refused_attachments.length === 0
    ? `${name} refuses no attachments`
    : `${name} refuses attachments that are: ${refused_attachments.join(", ")}`,
];
