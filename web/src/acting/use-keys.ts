import { useEffect } from "react";
import { createKeybindingsHandler } from "tinykeys";
import { queryClient } from "../api/query-client.ts";
import { settingsQuery } from "../settings/settings-query.ts";
import { COMMANDS, type Command } from "./commands.ts";
import { typeInSheet, useSheets } from "./sheets.ts";

/** Where keys mean something else: a field, or whatever stands in front of the page. */
const TAKEN =
  "[contenteditable], input:not([type=checkbox]), select, textarea, [role=menu], [role=dialog], [role=listbox]";

/** What a command opens has the keyboard by then, or never. */
const LONGEST_OPENING = 3000;
let openingUntil = 0;

/** The commands' keys, for as long as the component is shown. */
export function useKeys(): void {
  useEffect(() => {
    const bindings = COMMANDS.flatMap((command) =>
      command.keys.map((key) => [
        key,
        (event: KeyboardEvent) => {
          event.preventDefault();
          command.run();
          if (isOpening(command)) openingUntil = performance.now() + LONGEST_OPENING;
        },
      ]),
    );
    const ignore = (event: KeyboardEvent) =>
      event.isComposing ||
      event.defaultPrevented ||
      (!isPalette(event) && !hasShortcuts()) ||
      (isTaken(event.target) && !isPalette(event));
    const onKey = createKeybindingsHandler(Object.fromEntries(bindings), { ignore });
    const onKeyDown = (event: KeyboardEvent) => (isEarly(event) ? typeEarly(event) : onKey(event));
    const onFocus = ({ target }: FocusEvent) => {
      if (isTaken(target)) openingUntil = 0;
    };
    addEventListener("keydown", onKeyDown);
    addEventListener("focusin", onFocus);
    return () => {
      removeEventListener("keydown", onKeyDown);
      removeEventListener("focusin", onFocus);
    };
  }, []);
}

const isTaken = (target: EventTarget | null): boolean => target instanceof Element && target.closest(TAKEN) !== null;

/** A letter, or what is chosen from. */
const isOpening = ({ group, isPossible }: Command): boolean =>
  (group === "writing" && (isPossible?.() ?? true)) || useSheets.getState().sheet !== null;

/** Who types on after a key that opens something means what is opened, and none of the commands. */
const isEarly = (event: KeyboardEvent): boolean =>
  performance.now() < openingUntil && !event.isComposing && !isTaken(event.target) && !isPalette(event);

function typeEarly(event: KeyboardEvent): void {
  if (event.key.length !== 1 || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  const { sheet, typed } = useSheets.getState();
  if (sheet !== null) typeInSheet(typed + event.key);
}

/** Until the settings are known, as most people have them. */
const hasShortcuts = (): boolean => queryClient.getQueryData(settingsQuery.queryKey)?.keyboard_shortcuts ?? true;

/** The palette opens from anywhere. */
const isPalette = ({ key, ctrlKey, metaKey }: KeyboardEvent): boolean =>
  (ctrlKey || metaKey) && key.toLowerCase() === "k";
