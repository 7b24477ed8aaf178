import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Dialog } from "../design/dialog.tsx";
import { PickList } from "../design/pick-list.tsx";
import { COMMANDS, type Group, shownKey } from "./commands.ts";
import { closeSheet, typeInSheet, useSheets } from "./sheets.ts";

/** What can be done with what is chosen comes first. */
const ORDER: readonly Group[] = ["acting", "writing", "going", "selecting", "moving", "anywhere"];

/** All that can be done here and now, by name. */
export function CommandPalette() {
  const { t } = useTranslation();
  const typed = useSheets((sheets) => sheets.typed);
  const [possible] = useState(() =>
    COMMANDS.filter(({ name, isPossible }) => name !== "palette" && (isPossible?.() ?? true)).toSorted(
      (a, b) => ORDER.indexOf(a.group) - ORDER.indexOf(b.group),
    ),
  );
  const picks = possible.map((command) => ({
    key: command.name,
    label: t(`actions.commands.${command.name}`),
    hint: shownKey(command),
    choose: () => {
      closeSheet();
      // Once the keyboard is where it was.
      setTimeout(command.run);
    },
  }));
  return (
    <Dialog title={t("actions.palette.title")} onClose={closeSheet}>
      <PickList
        label={t("actions.palette.find")}
        picks={picks}
        nothing={t("actions.palette.nothing")}
        typed={typed}
        onType={typeInSheet}
      />
    </Dialog>
  );
}
