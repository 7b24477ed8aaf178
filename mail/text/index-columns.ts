/** A message as the full-text index has it: one folded text a column. */
import type { IndexColumn } from "../query/match-expression.ts";
import { indexable } from "./index-text.ts";

interface Address {
  name: string;
  email: string;
}

/** Whatever a message is indexed from: one that was just parsed, or a mailbox's row and text. */
export interface Indexed {
  subject: string;
  from: Address | null;
  to: Address[];
  cc: Address[];
  bcc: Address[];
  attachments: { filename: string }[];
  text: string;
  list_id: string | null;
}

export function indexColumns(message: Indexed): Record<IndexColumn, string> {
  return {
    ...recipientColumns(message),
    subject: indexable(message.subject),
    sender: addressWords(message.from === null ? [] : [message.from]),
    body: indexable(message.text),
    attachment_names: indexable(message.attachments.map(({ filename }) => filename).join("\n")),
    list_id: indexable(message.list_id ?? ""),
  };
}

/** Apart, since the sender's own copy names recipients that its bytes do not. */
export function recipientColumns({ to, cc, bcc }: Pick<Indexed, "to" | "cc" | "bcc">) {
  return { recipients: addressWords(to), cc: addressWords(cc), bcc: addressWords(bcc) };
}

const addressWords = (addresses: Address[]): string =>
  indexable(addresses.map(({ name, email }) => `${name} ${email}`).join("\n"));
