import { create } from "zustand";
import type { Connection } from "./follow-changes.ts";

/** How changes come in just now. */
export const useConnection = create<{ connection: Connection; set(connection: Connection): void }>((set) => ({
  connection: "live",
  set: (connection) => set({ connection }),
}));
