/**
 * A part of the screen that is fetched when it is needed, or may break: what is around it goes on without it. What could
 * not be fetched, with no network or after a new version took the place of this one, is there after loading the page again.
 */
import { type ReactNode, Suspense } from "react";
import { ErrorBoundary } from "react-error-boundary";
import { useTranslation } from "react-i18next";
import { loadNewest } from "../live/keep-for-offline.ts";
import { Button } from "./button.tsx";
import styles from "./part.module.css";

export function Part({ children, waiting = null }: { children: ReactNode; waiting?: ReactNode }) {
  return (
    <ErrorBoundary FallbackComponent={Broken}>
      <Suspense fallback={waiting}>{children}</Suspense>
    </ErrorBoundary>
  );
}

function Broken() {
  const { t } = useTranslation();
  return (
    <div role="alert" className={styles.broken}>
      <p>{t("app.broken.is")}</p>
      <Button onClick={() => void loadNewest()}>{t("app.broken.load")}</Button>
    </div>
  );
}
