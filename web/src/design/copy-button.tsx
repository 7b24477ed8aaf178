import { Copy } from "lucide-react";
import { useTranslation } from "react-i18next";
import { IconButton } from "./button.tsx";
import { notify } from "./notices.tsx";

/** Puts `text` into the clipboard. `label` says which, where there are several. */
export function CopyButton({ text, label }: { text: string; label?: string }) {
  const { t } = useTranslation();
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => notify(t("app.copied")),
      (error: Error) => notify(error.message, { kind: "failed" }),
    );
  return (
    <IconButton label={label ?? t("app.copy")} onClick={() => void copy()}>
      <Copy />
    </IconButton>
  );
}
