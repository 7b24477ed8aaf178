import { Pencil } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Button } from "../design/button.tsx";
import { useComposers } from "./composers.ts";
import styles from "./write-button.module.css";

export function WriteButton() {
  const { t } = useTranslation();
  const openNew = useComposers((state) => state.openNew);
  return (
    <Button kind="main" className={styles.write ?? ""} onClick={() => openNew()}>
      <Pencil aria-hidden />
      {t("composing.write")}
    </Button>
  );
}
