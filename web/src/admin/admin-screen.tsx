/** For whoever runs the mesh: its domains, the people on them, and the mail that waits to leave. */
import { type ComponentType, lazy } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { attempt } from "../api/attempt.ts";
import { usePlace } from "../app/address-bar.ts";
import { addressOf } from "../app/place.ts";
import { Button } from "../design/button.tsx";
import { Part } from "../design/part.tsx";
import styles from "./admin.module.css";
import { operatorSignOut, useOperator } from "./operator.ts";
import { OperatorSignIn } from "./operator-sign-in.tsx";

const SECTIONS = {
  domains: lazy(() => import("./domains.tsx")),
  queue: lazy(() => import("./queue.tsx")),
  "dead-letters": lazy(() => import("./dead-letters.tsx")),
} satisfies Record<string, ComponentType<{ item: string | undefined }>>;
type Section = keyof typeof SECTIONS;
const isSection = (name: string): name is Section => name in SECTIONS;

export default function AdminScreen() {
  const { t } = useTranslation();
  const place = usePlace();
  const until = useOperator((state) => state.until);
  if (until === null) return <OperatorSignIn />;
  const { section, item } = place.screen === "admin" ? place : { section: "", item: undefined };
  const here = isSection(section) ? section : "domains";
  const Shown = SECTIONS[here];
  return (
    <div className={styles.screen}>
      <header className={styles.bar}>
        <h1 className={styles.wordmark}>
          Mailmesh <span>{t("admin.label")}</span>
        </h1>
        <nav aria-label={t("admin.label")} className={styles.nav}>
          {(Object.keys(SECTIONS) as Section[]).map((name) => (
            <Link
              key={name}
              href={addressOf({ screen: "admin", section: name })}
              aria-current={name === here ? "page" : undefined}
              className={styles.link}
            >
              {t(`admin.sections.${name}`)}
            </Link>
          ))}
        </nav>
        <Link href="/" className={styles.mail}>
          {t("admin.toMail")}
        </Link>
        <Button kind="quiet" onClick={() => void attempt(operatorSignOut)}>
          {t("app.signOut")}
        </Button>
      </header>
      <main className={styles.main}>
        <Part key={here}>
          <Shown item={item} />
        </Part>
      </main>
    </div>
  );
}
