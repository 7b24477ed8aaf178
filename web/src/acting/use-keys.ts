import { useEffect } from "react";
import { tinykeys } from "tinykeys";
import { queryClient } from "../api/query-client.ts";
import { settingsQuery } from "../settings/settings-query.ts";
import { COMMANDS } from "./commands.ts";

/** Where keys mean something else: a field, or whatever stands in front of the page. */
const TAKEN =
  "[contenteditable], input:not([type=checkbox]), select, textarea, [role=menu], [role=dialog], [role=listbox]";

/** The commands' keys, for as long as the component is shown. */
export function useKeys(): void {
  useEffect(() => {
    const bindings = COMMANDS.flatMap(({ keys, run }) =>
      keys.map((key) => [
        key,
        (event: KeyboardEvent) => {
          event.preventDefault();
          run();
        },
      ]),
    );
    const ignore = (event: KeyboardEvent) =>
      event.isComposing ||
      event.defaultPrevented ||
      (!isPalette(event) && !hasShortcuts()) ||
      (event.target instanceof Element && event.target.closest(TAKEN) !== null && !isPalette(event));
    return tinykeys(window, Object.fromEntries(bindings), { ignore });
  }, []);
}

/** Until the settings are known, as most people have them. */
const hasShortcuts = (): boolean => queryClient.getQueryData(settingsQuery.queryKey)?.keyboard_shortcuts ?? true;

/** The palette opens from anywhere. */
const isPalette = ({ key, ctrlKey, metaKey }: KeyboardEvent): boolean =>
  (ctrlKey || metaKey) && key.toLowerCase() === "k";
