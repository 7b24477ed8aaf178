import { Pencil } from "lucide-react";
import { useTranslation } from "react-i18next";
import { usePlace } from "../app/address-bar.ts";
import { Button } from "../design/button.tsx";
import { useComposers } from "./composers.ts";
import styles from "./write-button.module.css";

export function WriteButton() {
  const { t } = useTranslation();
  const openNew = useComposers((state) => state.openNew);
  // On a phone it floats, and there it would cover what can be set.
  const isAside = usePlace().screen === "settings";
  return (
    <Button kind="main" className={styles.write ?? ""} data-aside={isAside} onClick={() => openNew()}>
      <Pencil aria-hidden />
      {t("composing.write")}
    </Button>
  );
}
