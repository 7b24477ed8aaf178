/** Whether the message is from who it says, in a word, with why behind it. */
import { BadgeCheck, CircleHelp, ShieldAlert } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Authentication } from "../../../contract/authentication.ts";
import styles from "./reading.module.css";

const ICONS = { verified: BadgeCheck, unverified: CircleHelp, forged: ShieldAlert };

/** Why, in a sentence; nothing where it was not looked at. */
export function useTrustReason(authentication: Authentication | null): string {
  const { t } = useTranslation();
  if (authentication === null) return "";
  const { sender, dmarc, spf } = authentication;
  return t(`reading.trust.${sender}.why`, { domain: dmarc.domain ?? spf.domain ?? "" });
}

export function TrustBadge({ authentication }: { authentication: Authentication | null }) {
  const { t } = useTranslation();
  const why = useTrustReason(authentication);
  if (authentication === null) return null;
  const { sender } = authentication;
  const Icon = ICONS[sender];
  return (
    <span className={styles.badge} data-trust={sender} title={why}>
      <Icon aria-hidden />
      {t(`reading.trust.${sender}.word`)}
      <span className="visually-hidden">: {why}</span>
    </span>
  );
}
