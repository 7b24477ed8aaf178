/** Who has searched with Enter goes on in what was found; who types on, or goes elsewhere meanwhile, stays there. */
import { rowKey } from "../list/list-cache.ts";
import { goToRow } from "../list/selection.ts";
import { type ShownList, useShownList } from "../list/shown-list.ts";

/** Once it is found. Where nothing is, the keyboard stays in the box. */
export function keyboardToFound(box: HTMLInputElement, q: string): void {
  const end = new AbortController();
  const { signal } = end;
  const goIn = ({ source, messages: [first], reveal }: ShownList) => {
    if (source?.kind !== "search" || source.q !== q || first === undefined) return;
    end.abort();
    goToRow(rowKey(first));
    reveal(0);
  };
  signal.addEventListener("abort", useShownList.subscribe(goIn));
  for (const leaves of ["input", "keydown", "blur"]) {
    // Not the press that began it.
    setTimeout(() => signal.aborted || box.addEventListener(leaves, () => end.abort(), { signal }));
  }
  goIn(useShownList.getState());
}
