import { lazy, Suspense } from "react";
import { useSheets } from "./sheets.ts";
import { useKeys } from "./use-keys.ts";

const SheetInFront = lazy(() => import("./sheet.tsx"));

/** The keys, and what they open. */
export function SheetHost() {
  useKeys();
  const sheet = useSheets((state) => state.sheet);
  if (sheet === null) return null;
  return (
    <Suspense>
      <SheetInFront key={sheet} sheet={sheet} />
    </Suspense>
  );
}
