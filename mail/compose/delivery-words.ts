/**
 * What a delivery report says to a person: which recipient, what the other server said in its own words, and what to
 * do. The person knows no status codes, so each class of them (RFC 3463 §3) has its sentence.
 */
import type { FailedRecipient } from "./delivery-status.ts";
import { formatDate, oneLine } from "./header-text.ts";

interface Delivery {
  host: string;
  original: { subject: string; arrived_at: Date };
  recipients: readonly FailedRecipient[];
}

export function explainDelivery({ host, original, recipients }: Delivery): { subject: string; text: string } {
  const failed = recipients.filter(({ action }) => action === "failed");
  const delayed = recipients.filter(({ action }) => action === "delayed");
  const told = failed.length > 0 ? failed : delayed;
  const title = oneLine(original.subject).trim();
  const outcome = failed.length > 0 ? "Not delivered" : "Not delivered yet";
  const text = [
    `This is the mail system at ${host}.`,
    `Your message ${title === "" ? "without a subject" : `"${title}"`}\nof ${formatDate(original.arrived_at)}`,
    ...section("could not be delivered to:", failed),
    ...section("has not been delivered yet, and will be tried again, to:", delayed),
    "The header of your message is attached.",
  ];
  return {
    subject: `${outcome} to ${whom(told)}: ${title === "" ? "(no subject)" : title}`,
    text: `${text.join("\n\n")}\n`,
  };
}

function whom(recipients: readonly FailedRecipient[]): string {
  const [only, another] = recipients;
  return only !== undefined && another === undefined ? only.address : `${recipients.length} recipients`;
}

function section(heading: string, recipients: readonly FailedRecipient[]): string[] {
  return recipients.length === 0 ? [] : [heading, ...recipients.map(explainRecipient)];
}

function explainRecipient(recipient: FailedRecipient): string {
  const { address, diagnostic, remote_mta } = recipient;
  const server = remote_mta === null ? "The server" : `The server ${remote_mta}`;
  const said =
    diagnostic === null
      ? ["  No server gave a reason."]
      : [`  ${server} said:`, ...diagnostic.split(/[\r\n]+/).map((line) => `    ${oneLine(line).trim()}`)];
  const advice = ["  What to do:", ...advise(recipient).map((line) => `    ${line}`)];
  return [`  ${address}`, ...said, ...advice].join("\n");
}

/** One or two lines each, short enough to travel unencoded (RFC 5322 §2.1.1). */
function advise({ action, status }: FailedRecipient): string[] {
  if (action === "delayed") return ["Nothing. It is tried again, and you hear of it if that fails."];
  const [, subject, detail] = status.split(".");
  const kind = `${subject}.${detail}`;
  if (kind === "1.7" || kind === "1.8") return ["Your own address was refused. Ask your administrator."];
  if (kind === "2.2") return ["The mailbox is full. Try again later, or reach the person in another way."];
  if (kind === "2.3" || kind === "3.4") {
    return ["The message is too large. Send it with fewer or smaller attachments."];
  }
  switch (subject) {
    case "1":
      return ["Check the address for a mistake, and send the message to the right one."];
    case "2":
      return ["The mailbox takes no mail now. Reach the person in another way."];
    case "4":
      return ["The other server could not be reached in time.", "Check what stands after the @, and try again later."];
    case "7":
      return ["The other server does not accept this message, now or later.", "Reach the person in another way."];
    default:
      return ["Try again later. If it happens again, reach the person in another way."];
  }
}
