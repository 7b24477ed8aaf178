/** To, and behind a button each Cc and Bcc, which most letters do without. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useStore } from "zustand";
import { Button } from "../design/button.tsx";
import styles from "./composer.module.css";
import { everyone } from "./letter.ts";
import { RecipientField } from "./recipient-field.tsx";
import type { Writing } from "./writing.ts";

export function RecipientFields({ writing }: { writing: Writing }) {
  const { t } = useTranslation();
  const { cc, bcc } = useStore(writing.store, ({ letter }) => letter);
  const [withCc, setWithCc] = useState(() => everyone(cc).length > 0);
  const [withBcc, setWithBcc] = useState(() => everyone(bcc).length > 0);
  return (
    <>
      <div className={styles.recipients}>
        <RecipientField writing={writing} name="to" />
        {!withCc && (
          <Button kind="quiet" className={styles.more ?? ""} onClick={() => setWithCc(true)}>
            {t("composing.cc")}
          </Button>
        )}
        {!withBcc && (
          <Button kind="quiet" className={styles.more ?? ""} onClick={() => setWithBcc(true)}>
            {t("composing.bcc")}
          </Button>
        )}
      </div>
      {withCc && <RecipientField writing={writing} name="cc" isNew={everyone(cc).length === 0} />}
      {withBcc && <RecipientField writing={writing} name="bcc" isNew={everyone(bcc).length === 0} />}
    </>
  );
}
