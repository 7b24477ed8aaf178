/** Whose mail it is, and what belongs to its owner: settings, and signing out. */
import { LogOut, Settings, UserRound } from "lucide-react";
import { useTranslation } from "react-i18next";
import { signOut, useSignedIn } from "../account/signed-in.ts";
import { IconButton } from "../design/button.tsx";
import { Menu, MenuItem } from "../design/menu.tsx";
import { notify } from "../design/notices.tsx";
import styles from "./account-menu.module.css";
import { goTo } from "./address-bar.ts";

export function AccountMenu() {
  const { t } = useTranslation();
  const address = useSignedIn((state) => state.address);
  const leave = () => void signOut().catch((error: Error) => notify(error.message, { kind: "failed" }));
  return (
    <>
      <span className={styles.address}>{address}</span>
      <Menu
        trigger={
          <IconButton label={t("app.account")}>
            <UserRound />
          </IconButton>
        }
      >
        <MenuItem icon={<Settings />} onChoose={() => goTo({ screen: "settings", section: "" })}>
          {t("app.settings")}
        </MenuItem>
        <MenuItem icon={<LogOut />} onChoose={leave}>
          {t("app.signOut")}
        </MenuItem>
      </Menu>
    </>
  );
}
