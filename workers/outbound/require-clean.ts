/**
 * No malware and no fraud leaves: it would harm who gets it, and the good name of everyone who sends from here. Asked
 * as a message is sent, and not as a draft is saved: only then are stored files read.
 */
import { Failure } from "../../contract/failure.ts";
import type { DraftMessage } from "../../contract/messages.ts";
import type { Address, OutgoingAttachment } from "../../mail/compose/compose-message.ts";
import { type Finding, Findings } from "../../mail/screening/findings.ts";
import { screenWords } from "../../mail/screening/text.ts";
import { Allowance } from "../../mail/screening/zip-members.ts";
import type { Env } from "../env.ts";
import { orGone } from "./gather-attachments.ts";
import { screenAttachment } from "./screen-attachment.ts";

/** Throws `message_refused` with all that was found, and where. `attachments` are the message's own, in its order. */
export async function requireClean(
  env: Env,
  message: DraftMessage,
  from: Address,
  attachments: OutgoingAttachment[],
): Promise<void> {
  const findings = new Findings();
  const { subject, body, body_html } = message;
  screenWords(findings, { from, subject, text: body, html: body_html ?? null });
  const allowance = new Allowance();
  for (const [n, file] of attachments.entries())
    await orGone(n, () => screenAttachment({ env, findings, at: `attachments.${n}`, allowance }, file));
  const verdict = findings.verdict;
  if (!verdict.refused) return;
  const issues = verdict.findings.map(({ at, words }) => ({ at: placeInRequest(at), message: words }));
  throw new Failure("message_refused", "The message was not sent: it may do harm to who gets it.", issues);
}

const WRITTEN_AS = new Map<Finding["at"], string>([
  ["text", "body"],
  ["html", "body_html"],
  ["from", "from.name"],
]);

const placeInRequest = (at: Finding["at"]): string => `body.${WRITTEN_AS.get(at) ?? at}`;
