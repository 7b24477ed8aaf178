import { useEffect } from "react";
import { useSignedIn } from "../account/signed-in.ts";
import { useConnection } from "../live/connection.ts";
import { followQueue } from "./act.ts";
import { sendAll } from "./queue.ts";

/** What was done while the network was gone is sent, as soon as there is one. */
export function useQueuedUpdates(): void {
  const account = useSignedIn(({ user_id }) => user_id);
  const connection = useConnection((state) => state.connection);
  useEffect(() => (account === null ? undefined : followQueue(account)), [account]);
  useEffect(() => {
    if (account !== null && connection !== "lost") void sendAll(account);
  }, [account, connection]);
}
