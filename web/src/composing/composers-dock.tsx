import { lazy, Suspense } from "react";
import { useComposers } from "./composers.ts";

const Dock = lazy(async () => ({ default: (await import("./dock.tsx")).Dock }));

/** Nothing, until something is written. */
export function ComposersDock() {
  const isWriting = useComposers((state) => state.open.length > 0);
  return isWriting ? (
    <Suspense>
      <Dock />
    </Suspense>
  ) : null;
}
