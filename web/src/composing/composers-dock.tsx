import { lazy, useEffect } from "react";
import { useSignedIn } from "../account/signed-in.ts";
import { Part } from "../design/part.tsx";
import { useComposers } from "./composers.ts";

const Dock = lazy(async () => ({ default: (await import("./dock.tsx")).Dock }));

/** The letters in windows. Nothing, until something is written. */
export function ComposersDock() {
  const isWriting = useComposers((state) => state.open.some(({ place }) => place !== "inline"));
  const account = useSignedIn((state) => state.user_id);
  useEffect(() => {
    if (account !== null) void import("./restore.ts").then(({ restoreLetters }) => restoreLetters(account));
  }, [account]);
  return isWriting ? (
    <Part>
      <Dock />
    </Part>
  ) : null;
}
