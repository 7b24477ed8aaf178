/** `GET` and `PATCH /v1/admin/domains/{name}/policy`: what a domain takes from strangers. */
import { z } from "zod";
import { AttachmentDanger } from "./attachment-scan.ts";

export const DomainPolicy = z.object({
  /** Attachments with these dangers are refused while the sender listens; with others the message is marked. */
  refused_attachments: z.array(AttachmentDanger).default(["virus"]),
  /** `obey`: what fails a sender's DMARC policy of `reject` is refused. `mark`: it goes to junk. */
  dmarc_reject: z.enum(["obey", "mark"]).default("obey"),
});
export type DomainPolicy = z.infer<typeof DomainPolicy>;
