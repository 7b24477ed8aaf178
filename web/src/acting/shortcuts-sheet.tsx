import { useTranslation } from "react-i18next";
import { Dialog } from "../design/dialog.tsx";
import { COMMANDS, type Group, shownKey } from "./commands.ts";
import { closeSheet } from "./sheets.ts";
import styles from "./shortcuts-sheet.module.css";

const GROUPS: readonly Group[] = ["moving", "acting", "selecting", "writing", "going", "anywhere"];

/** Every key, and what it does. */
export function ShortcutsSheet() {
  const { t } = useTranslation();
  return (
    <Dialog title={t("actions.shortcuts")} onClose={closeSheet}>
      <div className={styles.groups}>
        {GROUPS.map((group) => (
          <section key={group} aria-labelledby={`keys-${group}`}>
            <h3 id={`keys-${group}`} className={styles.heading}>
              {t(`actions.groups.${group}`)}
            </h3>
            <dl>
              {COMMANDS.filter((command) => command.group === group && command.keys.length > 0).map((command) => (
                <div key={command.name} className={styles.line}>
                  <dt>{t(`actions.commands.${command.name}`)}</dt>
                  <dd>
                    <kbd className={styles.key}>{shownKey(command)}</kbd>
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
