import { lazy } from "react";
import { useStore } from "zustand";
import { Part } from "../design/part.tsx";
import styles from "./composer.module.css";
import { PlainText } from "./plain-text.tsx";
import { QuotedBelow } from "./quoted-below.tsx";
import type { Writing } from "./writing.ts";

const RichText = lazy(() => import("./rich-text.tsx"));

export function LetterText({ writing }: { writing: Writing }) {
  const isRich = useStore(writing.store, ({ letter }) => letter.html !== null);
  if (!isRich) return <PlainText writing={writing} />;
  return (
    <Part waiting={<div className={styles.text} aria-busy />}>
      <RichText writing={writing}>
        <QuotedBelow writing={writing} />
      </RichText>
    </Part>
  );
}
