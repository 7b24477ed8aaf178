/** An inbox with nothing in it: of a new mailbox, what to begin with; of one that is in use, that all is done. */
import { useQuery } from "@tanstack/react-query";
import { Inbox, Palette, PenLine, Upload } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { useSignedIn } from "../account/signed-in.ts";
import { addressOf } from "../app/place.ts";
import { CopyButton } from "../design/copy-button.tsx";
import { foldersQuery } from "../folders/queries.ts";
import styles from "./empty-inbox.module.css";

const STEPS = [
  { name: "import", section: "import", Icon: Upload },
  { name: "signature", section: "identities", Icon: PenLine },
  { name: "look", section: "", Icon: Palette },
] as const;

export function EmptyInbox() {
  const { t } = useTranslation();
  const address = useSignedIn((state) => state.address);
  const { data: folders } = useQuery(foldersQuery);
  if (folders === undefined) return null;
  const isNew = folders.every(({ total }) => total === 0);
  return (
    <div className={styles.empty}>
      <Inbox aria-hidden className={styles.picture} />
      <h2>{isNew ? t("list.firstRun.welcome") : t("list.firstRun.allDone")}</h2>
      <p>{isNew ? t("list.firstRun.yourAddress") : t("list.firstRun.nothingNew")}</p>
      {isNew && address !== null && (
        <p className={styles.address}>
          {address}
          <CopyButton text={address} label={t("app.copyOne", { name: address })} />
        </p>
      )}
      {isNew && (
        <ul className={styles.steps}>
          {STEPS.map(({ name, section, Icon }) => (
            <li key={name}>
              <Link href={addressOf({ screen: "settings", section })} className={styles.step}>
                <Icon aria-hidden />
                <span>
                  <strong>{t(`list.firstRun.${name}`)}</strong>
                  <span className={styles.why}>{t(`list.firstRun.${name}Why`)}</span>
                </span>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
