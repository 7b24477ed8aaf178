/** `GET` and `PATCH /v1/admin/domains/{name}/policy`: what a domain takes from strangers. */
import { z } from "zod";
import { AttachmentDanger } from "./attachment-scan.ts";

const RefusedAttachments = z.array(AttachmentDanger).max(AttachmentDanger.options.length);
const DmarcReject = z.enum(["obey", "mark"]);

export const DomainPolicy = z.object({
  /** Attachments with these dangers are refused while the sender listens; with others the message is marked. */
  refused_attachments: RefusedAttachments.default(["virus"]),
  /** `obey`: what fails a sender's DMARC policy of `reject` is refused. `mark`: it goes to junk. */
  dmarc_reject: DmarcReject.default("obey"),
});
export type DomainPolicy = z.infer<typeof DomainPolicy>;

/** What is left out stays as it is. */
export const SetDomainPolicy = z.strictObject({
  refused_attachments: RefusedAttachments.optional(),
  dmarc_reject: DmarcReject.optional(),
});
export type SetDomainPolicy = z.infer<typeof SetDomainPolicy>;
