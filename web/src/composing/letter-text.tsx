import { lazy, Suspense } from "react";
import { useStore } from "zustand";
import styles from "./composer.module.css";
import { PlainText } from "./plain-text.tsx";
import { QuotedBelow } from "./quoted-below.tsx";
import type { Writing } from "./writing.ts";

const RichText = lazy(() => import("./rich-text.tsx"));

export function LetterText({ writing }: { writing: Writing }) {
  const isRich = useStore(writing.store, ({ letter }) => letter.html !== null);
  if (!isRich) return <PlainText writing={writing} />;
  return (
    <Suspense fallback={<div className={styles.text} aria-busy />}>
      <RichText writing={writing}>
        <QuotedBelow writing={writing} />
      </RichText>
    </Suspense>
  );
}
