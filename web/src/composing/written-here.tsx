/** Where letters are written in the conversation itself, below the message that they answer. */
import { Pencil } from "lucide-react";
import { lazy, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useShallow } from "zustand/react/shallow";
import { Button } from "../design/button.tsx";
import { Part } from "../design/part.tsx";
import { useComposers } from "./composers.ts";
import styles from "./written-here.module.css";

const Begun = lazy(async () => ({ default: (await import("./begun.tsx")).Begun }));

/** What is being written in answer to the message. */
export function AnswersHere({ id }: { id: string }) {
  const answers = useComposers(
    useShallow(({ open }) =>
      open.filter(({ place, start }) => place === "inline" && start.kind === "answer" && start.message.id === id),
    ),
  );
  return answers.map((composer) => (
    <Part key={composer.key}>
      <Begun composer={composer} />
    </Part>
  ));
}

/** A draft in the place where a message would be read. */
export function DraftHere({ id }: { id: string }) {
  const { t } = useTranslation();
  const composer = useComposers(({ open }) => open.find(({ draft_id }) => draft_id === id));
  const { openDraft, setPlace } = useComposers.getState();
  const isElsewhere = composer !== undefined && composer.place !== "inline";
  useEffect(() => {
    openDraft(id, "inline");
  }, [id, openDraft]);
  if (isElsewhere) {
    return (
      <p className={styles.elsewhere}>
        {t("composing.inWindow")}
        <Button onClick={() => setPlace(composer.key, "inline")}>
          <Pencil aria-hidden />
          {t("composing.writeHere")}
        </Button>
      </p>
    );
  }
  // An answer that was begun below its message stays there.
  if (composer === undefined || composer.start.kind === "answer") return null;
  return (
    <Part>
      <Begun key={composer.key} composer={composer} />
    </Part>
  );
}
