/** Reports as servers send them, about a message that an account of the mesh sent. */
import { lines } from "./mesh.ts";

export interface Told {
  to: string;
  action?: string;
  status?: string;
  words?: string;
  original?: string;
}

/** A delivery status notification (RFC 3464) that gives back the header of the message with this Message-ID. */
export function aReport(messageId: string, told: Told[], returnPath = ""): string {
  const groups = told.map(({ to, action = "failed", status = "5.1.1", words = "550 5.1.1 no such user", original }) =>
    lines(
      ...(original === undefined ? [] : [`Original-Recipient: rfc822; ${original}`]),
      `Final-Recipient: rfc822; ${to}`,
      `Action: ${action}`,
      `Status: ${status}`,
      "Remote-MTA: dns; mx.far.example",
      `Diagnostic-Code: smtp; ${words}`,
    ),
  );
  return lines(
    "From: Mail Delivery System <MAILER-DAEMON@relay.example>",
    "Subject: Undelivered Mail Returned to Sender",
    `Message-ID: <${crypto.randomUUID()}@relay.example>`,
    "Content-Type: multipart/report; report-type=delivery-status; boundary=b",
    ...["", "--b", "", "It could not be delivered.", "--b", "Content-Type: message/delivery-status", ""],
    "Reporting-MTA: dns; relay.example",
    "",
    ...groups.join("\r\n").split("\r\n"),
    ...["--b", "Content-Type: text/rfc822-headers", ""],
    ...(returnPath === "" ? [] : [`Return-Path: <${returnPath}>`]),
    `Message-ID: <${messageId}>`,
    "Subject: On its way",
    ...["", "--b--"],
  );
}

/** A complaint (RFC 5965). */
export function aComplaint(messageId: string, recipient: string): string {
  return lines(
    "From: <abuse@provider.example>",
    "Subject: FW: On its way",
    `Message-ID: <${crypto.randomUUID()}@provider.example>`,
    "Content-Type: multipart/report; report-type=feedback-report; boundary=b",
    ...["", "--b", "", "An abuse report.", "--b", "Content-Type: message/feedback-report", ""],
    ...["Feedback-Type: abuse", "User-Agent: Loop/1.0", "Version: 1", `Original-Rcpt-To: <${recipient}>`, ""],
    ...["--b", "Content-Type: message/rfc822", ""],
    ...[`Message-ID: <${messageId}>`, "Subject: On its way", "", "Hello", "--b--"],
  );
}
