import { lazy } from "react";
import { Part } from "../design/part.tsx";
import { useSheets } from "./sheets.ts";
import { useKeys } from "./use-keys.ts";

const SheetInFront = lazy(() => import("./sheet.tsx"));

/** The keys, and what they open. */
export function SheetHost() {
  useKeys();
  const sheet = useSheets((state) => state.sheet);
  if (sheet === null) return null;
  return (
    <Part>
      <SheetInFront key={sheet} sheet={sheet} />
    </Part>
  );
}
