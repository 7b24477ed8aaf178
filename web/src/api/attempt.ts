/** What a button does: done, and said; or refused, and the server's words shown. */
import { useState } from "react";
import { notify } from "../design/notices.tsx";

/** Resolves with whether it was done. */
export async function attempt(work: () => Promise<unknown>, done?: string): Promise<boolean> {
  try {
    await work();
  } catch (error) {
    notify(error instanceof Error ? error.message : String(error), { kind: "failed" });
    return false;
  }
  if (done !== undefined) notify(done);
  return true;
}

/** The same, and whether it is being done just now: its button waits then. */
export function useAttempt(): { isBusy: boolean; attempt: typeof attempt } {
  const [isBusy, setBusy] = useState(false);
  const run: typeof attempt = async (work, done) => {
    setBusy(true);
    try {
      return await attempt(work, done);
    } finally {
      setBusy(false);
    }
  };
  return { isBusy, attempt: run };
}
