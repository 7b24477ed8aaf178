/** How much a letter looks like spam: what the mesh found out about it, and what only this mailbox knows. */

import { eq } from "drizzle-orm";
import { notFound } from "../../contract/failure.ts";
import type { SpamTest, SpamVerdict } from "../../contract/spam.ts";
import type { Warning } from "../../contract/warnings.ts";
import { classifierTest } from "../../mail/spam/classifier-test.ts";
import { authenticationTests, correspondentTest, warningTests } from "../../mail/spam/sender-tests.ts";
import { SPAM_THRESHOLD } from "../../mail/spam/spam-test.ts";
import { message } from "../../schema/mailbox/tables.ts";
import { classifierOf } from "./classifier.ts";
import { isCorrespondent } from "./correspondents.ts";
import type { Letter } from "./letter.ts";
import type { Mailbox } from "./mailbox-database.ts";
import { requireNumber } from "./object-ids.ts";
import { reputationOf } from "./sender-reputation.ts";
import { senderTest } from "./sender-treatments.ts";

/** Null for what the mesh itself wrote. Writes nothing. */
export function judge(box: Mailbox, letter: Letter, warnings: readonly Warning[]): SpamVerdict | null {
  const { content, examination } = letter;
  if (!examination) return null;
  const { authentication, spam_signs } = examination;
  const { from } = content;
  const isKnown = from !== null && isCorrespondent(box.db, from.email);
  return verdictOf([
    spam_signs && classifierTest(classifierOf(box.db), spam_signs.features),
    ...(spam_signs?.tests ?? []),
    ...authenticationTests(authentication),
    ...warningTests(warnings),
    reputationOf(box.db, { from, authentication }),
    isKnown ? correspondentTest(from.email, authentication) : null,
    senderTest(box, letter),
  ]);
}

function verdictOf(all: (SpamTest | null)[]): SpamVerdict {
  const tests = all.flatMap((test) => (test === null ? [] : [{ ...test, weight: rounded(test.weight) }]));
  const score = rounded(tests.reduce((sum, { weight }) => sum + weight, 0));
  return { score, threshold: SPAM_THRESHOLD, is_spam: score >= SPAM_THRESHOLD, tests };
}

const rounded = (points: number): number => Math.round(points * 100) / 100;

/** Why a message is where it is. Of what nobody judged (the owner wrote it, or it was brought along) there is nothing to say. */
export function readVerdict(box: Mailbox, id: string): SpamVerdict {
  const number = requireNumber(box, "message", id);
  const row = box.db.select({ spam: message.spam }).from(message).where(eq(message.id, number)).get();
  if (row === undefined) throw notFound("message");
  return row.spam ?? verdictOf([]);
}
