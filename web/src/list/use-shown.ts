import { useLayoutEffect } from "react";
import { forgetSelection } from "./selection.ts";
import { type ShownList, useShownList } from "./shown-list.ts";

/** Lets the rest of the page know which list is on the screen. What was selected in one is not in the next. */
export function useShown({ source, folder, messages, reveal }: ShownList): void {
  useLayoutEffect(
    () => useShownList.setState({ source, folder, messages, reveal }),
    [source, folder, messages, reveal],
  );
  useLayoutEffect(
    () => () => {
      forgetSelection();
      useShownList.setState({ source: null, folder: undefined, messages: [] });
    },
    [],
  );
}
