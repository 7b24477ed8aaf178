/** What became of a sent message at each of its recipients, in words; and where it went wrong in the server's own. */
import { useQuery } from "@tanstack/react-query";
import { CircleCheck, CircleX, Clock, type LucideIcon, Send, TriangleAlert } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Message } from "../../../contract/messages.ts";
import type { RecipientState, Submission, SubmissionRecipient } from "../../../contract/submissions.ts";
import { TakeBack } from "../composing/take-back.tsx";
import { longDate, regional } from "../language/dates.ts";
import { submissionQuery } from "./queries.ts";
import styles from "./reading.module.css";

const ICONS: Record<RecipientState, LucideIcon> = {
  queued: Clock,
  sending: Send,
  sent: CircleCheck,
  delivered: CircleCheck,
  deferred: Clock,
  failed: CircleX,
  cancelled: CircleX,
  uncertain: TriangleAlert,
};
/** How its server says that it took it is of no interest. */
const isWell = (state: RecipientState): boolean => state === "sent" || state === "delivered";
/** So many are listed at once; of more the first line says how it stands. */
const FEW = 3;

export function DeliveryStates({ message: { submission_id } }: { message: Message }) {
  return submission_id === null ? null : <States id={submission_id} />;
}

function States({ id }: { id: string }) {
  const { t } = useTranslation();
  const { data: submission } = useQuery(submissionQuery(id));
  if (submission === undefined) return null;
  const { recipients } = submission;
  const list = (
    <ul className={styles.states} aria-label={t("reading.delivery")}>
      {recipients.map((recipient) => (
        <State key={recipient.email} recipient={recipient} submission={submission} />
      ))}
    </ul>
  );
  const takeBack = <TakeBack submission={submission} />;
  if (recipients.length <= FEW) {
    return (
      <>
        {list}
        {takeBack}
      </>
    );
  }
  return (
    <details className={styles.manyStates} open={submission.state === "failed"}>
      <summary>
        <Summary submission={submission} />
      </summary>
      {list}
      {takeBack}
    </details>
  );
}

function State({ recipient, submission }: { recipient: SubmissionRecipient; submission: Submission }) {
  const { t, i18n } = useTranslation();
  const { email, state, reply, complained_at } = recipient;
  const Icon = ICONS[state];
  const when = { deferred: submission.next_attempt_at, queued: submission.send_at }[state as "deferred"];
  const isLater = when !== undefined && when !== null && new Date(when) > new Date();
  return (
    <li data-state={state}>
      <Icon aria-hidden />
      <span>
        {email}: {t(`reading.states.${state}`)}
        {isLater && ` ${t("reading.stateUntil", { when: longDate(new Date(when), i18n.language) })}`}
        {complained_at !== null && ` ${t("reading.complained")}`}
        {reply && !isWell(state) && <span className={styles.reply}>{t("reading.serverSaid", { reply })}</span>}
      </span>
    </li>
  );
}

/** "Sent to 12, failed for 1." */
function Summary({ submission: { recipients } }: { submission: Submission }) {
  const { t, i18n } = useTranslation();
  const counts = new Map<RecipientState, number>();
  for (const { state } of recipients) counts.set(state, (counts.get(state) ?? 0) + 1);
  const parts = [...counts].map(([state, count]) =>
    t("reading.stateCount", { count, state: t(`reading.states.${state}`) }),
  );
  return new Intl.ListFormat(regional(i18n.language), { type: "conjunction" }).format(parts);
}
