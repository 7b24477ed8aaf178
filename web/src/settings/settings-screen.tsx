/** All that can be set, a section a screen. */
import { type ComponentType, lazy } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { addressOf } from "../app/place.ts";
import { Part } from "../design/part.tsx";
import { GeneralSettings } from "./general.tsx";
import styles from "./settings.module.css";
import { Storage } from "./storage.tsx";

const SECTIONS = {
  general: GeneralSettings,
  identities: lazy(() => import("./identities.tsx")),
  rules: lazy(() => import("./rules/rules.tsx")),
  sieve: lazy(() => import("./sieve.tsx")),
  vacation: lazy(() => import("./vacation.tsx")),
  senders: lazy(() => import("./senders.tsx")),
  aliases: lazy(() => import("./aliases.tsx")),
  templates: lazy(() => import("./templates.tsx")),
  logins: lazy(() => import("./logins.tsx")),
  import: lazy(() => import("./imports/imports.tsx")),
  storage: Storage,
} satisfies Record<string, ComponentType>;
type Section = keyof typeof SECTIONS;
const isSection = (name: string): name is Section => name in SECTIONS;

/** On a phone the sections stand side by side, more than there is room for. */
const intoView = (link: HTMLAnchorElement | null): void => link?.scrollIntoView({ block: "nearest", inline: "center" });

export default function SettingsScreen({ section }: { section: string }) {
  const { t } = useTranslation();
  const here = isSection(section) ? section : "general";
  const Shown = SECTIONS[here];
  return (
    <div className={styles.screen}>
      <nav aria-label={t("settings.label")} className={styles.nav}>
        <h1 className={styles.heading}>{t("settings.label")}</h1>
        <ul>
          {(Object.keys(SECTIONS) as Section[]).map((name) => (
            <li key={name}>
              <Link
                href={addressOf({ screen: "settings", section: name })}
                aria-current={name === here ? "page" : undefined}
                ref={name === here ? intoView : null}
                className={styles.link}
              >
                {t(`settings.sections.${name}`)}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <section className={styles.section} aria-labelledby="settings-section">
        <h2 id="settings-section" className={styles.title}>
          {t(`settings.sections.${here}`)}
        </h2>
        <Part key={here}>
          <Shown />
        </Part>
      </section>
    </div>
  );
}
