/** Whether the domain in From asks that a message be put aside. Where it asks to refuse, and it was taken, that is the least. */
import type { Authentication } from "../../contract/authentication.ts";

export const isQuarantined = (authentication: Authentication | null | undefined): boolean =>
  authentication?.sender === "forged";
