/** Looks through a mailbox, slice by slice, for what does not fit together. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { VerifyPage } from "../../../contract/admin.ts";
import { useAttempt } from "../api/attempt.ts";
import { call } from "../api/call.ts";
import { Button } from "../design/button.tsx";
import form from "../design/form.module.css";
import { accountPath } from "./queries.ts";

interface Verified {
  checked: number;
  total: number;
  isDone: boolean;
  problems: VerifyPage["problems"];
}

export function Verify({ email }: { email: string }) {
  const { t } = useTranslation();
  const { isBusy, attempt } = useAttempt();
  const [found, setFound] = useState<Verified | null>(null);
  const verify = () =>
    attempt(async () => {
      let [checked, after, problems] = [0, -1, [] as VerifyPage["problems"]];
      for (;;) {
        const page = await call<VerifyPage>("POST", `${accountPath(email)}/verify`, { body: { after } });
        checked += page.checked;
        problems = [...problems, ...page.problems];
        setFound({ checked, total: page.total, problems, isDone: page.next === null });
        if (page.next === null) return;
        after = page.next;
      }
    });
  return (
    <div className={form.form}>
      <div>
        <Button onClick={() => void verify()} disabled={isBusy}>
          {t("admin.accounts.verify")}
        </Button>
      </div>
      {found !== null && (
        <div role="status">
          {!found.isDone && (
            <progress
              className={form.progress}
              max={Math.max(1, found.total)}
              value={found.checked}
              aria-label={t("admin.accounts.verify")}
            />
          )}
          <p className={form.more}>
            {t("admin.accounts.verified", { checked: found.checked, total: found.total })}{" "}
            {found.isDone && t("admin.accounts.problems", { count: found.problems.length })}
          </p>
          <ul>
            {found.problems.map(({ at, message }) => (
              <li key={`${at} ${message}`}>
                <code className={form.code}>{at}</code> {message}
              </li>
            ))}
          </ul>
        </div>
      )}
    </div>
  );
}
