/** What is chosen in front of the list. Fetched when it is first asked for. */
import { CommandPalette } from "./command-palette.tsx";
import { FolderPicker } from "./folder-picker.tsx";
import type { Sheet } from "./sheets.ts";
import { ShortcutsSheet } from "./shortcuts-sheet.tsx";
import { SnoozePicker } from "./snooze-picker.tsx";

export default function SheetInFront({ sheet }: { sheet: Sheet }) {
  if (sheet === "palette") return <CommandPalette />;
  if (sheet === "shortcuts") return <ShortcutsSheet />;
  if (sheet === "snooze") return <SnoozePicker />;
  return <FolderPicker purpose={sheet} />;
}
