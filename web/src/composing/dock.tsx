/** The letters that are being written, beside each other at the foot of the screen. Fetched with the first of them. */
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { notify } from "../design/notices.tsx";
import { writingOf } from "./begin.ts";
import { Composer } from "./composer.tsx";
import { type OpenComposer, useComposers } from "./composers.ts";
import styles from "./dock.module.css";
import type { Writing } from "./writing.ts";

export function Dock() {
  const { t } = useTranslation();
  const open = useComposers((state) => state.open);
  return (
    <aside className={styles.dock} aria-label={t("composing.label")}>
      {open.map((composer) => (
        <Begun key={composer.key} composer={composer} />
      ))}
    </aside>
  );
}

function Begun({ composer }: { composer: OpenComposer }) {
  const [writing, setWriting] = useState<Writing | null>(null);
  const close = useComposers((state) => state.close);
  useEffect(() => {
    writingOf(composer).then(setWriting, (error: Error) => {
      notify(error.message, { kind: "failed" });
      close(composer.key);
    });
  }, [composer, close]);
  return writing && <Composer writing={writing} start={composer.start} />;
}
