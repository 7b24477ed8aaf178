/** Whether the message is from who it says, in a word, with why behind it. */
import { BadgeCheck, CircleHelp, ShieldAlert } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Authentication } from "../../../contract/authentication.ts";
import styles from "./reading.module.css";

const ICONS = { verified: BadgeCheck, unverified: CircleHelp, forged: ShieldAlert };

export function TrustBadge({ authentication }: { authentication: Authentication | null }) {
  const { t } = useTranslation();
  if (authentication === null) return null;
  const { sender, dmarc, spf } = authentication;
  const Icon = ICONS[sender];
  const domain = dmarc.domain ?? spf.domain ?? "";
  return (
    <span className={styles.badge} data-trust={sender} title={t(`reading.trust.${sender}.why`, { domain })}>
      <Icon aria-hidden />
      {t(`reading.trust.${sender}.word`)}
      <span className="visually-hidden">: {t(`reading.trust.${sender}.why`, { domain })}</span>
    </span>
  );
}
