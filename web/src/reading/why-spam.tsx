/** That a message is in junk, and why it was taken for it: what spoke for it and what against. */
import { useQuery } from "@tanstack/react-query";
import { MailWarning } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Message } from "../../../contract/messages.ts";
import { Button } from "../design/button.tsx";
import { Dialog } from "../design/dialog.tsx";
import { folderAt } from "../folders/folder-at.ts";
import { foldersQuery } from "../folders/queries.ts";
import { spamQuery } from "./queries.ts";
import styles from "./reading.module.css";

export function WhyHere({ message: { id, folder_ids } }: { message: Message }) {
  const { t } = useTranslation();
  const { data: folders } = useQuery(foldersQuery);
  const [isAsked, setAsked] = useState(false);
  const junk = folderAt(folders, "junk");
  if (junk === undefined || !folder_ids.includes(junk.id)) return null;
  return (
    <div className={styles.warning}>
      <MailWarning aria-hidden />
      <span className={styles.said}>{t("reading.spam.isJunk")}</span>
      <Button kind="quiet" onClick={() => setAsked(true)}>
        {t("reading.spam.why")}
      </Button>
      {isAsked && <SpamReasons id={id} onClose={() => setAsked(false)} />}
    </div>
  );
}

export function SpamReasons({ id, onClose }: { id: string; onClose(): void }) {
  const { t, i18n } = useTranslation();
  const { data: verdict, error } = useQuery(spamQuery(id));
  const points = new Intl.NumberFormat(i18n.language, { maximumFractionDigits: 1, signDisplay: "exceptZero" });
  const number = new Intl.NumberFormat(i18n.language, { maximumFractionDigits: 1 });
  return (
    <Dialog title={t("reading.spam.why")} onClose={onClose}>
      <div className={styles.reasons} aria-busy={verdict === undefined && error === null}>
        {error && <p role="alert">{error.message}</p>}
        {verdict && (
          <>
            <p>
              {t(verdict.is_spam ? "reading.spam.isSpam" : "reading.spam.isNot", {
                score: number.format(verdict.score),
                threshold: number.format(verdict.threshold),
              })}
            </p>
            <ul className={styles.tests}>
              {verdict.tests.map(({ name, weight, words }) => (
                <li key={name}>
                  <span className={styles.points} data-speaks={weight > 0 ? "for" : "against"}>
                    {points.format(weight)}
                  </span>
                  {words}
                </li>
              ))}
            </ul>
          </>
        )}
      </div>
    </Dialog>
  );
}
