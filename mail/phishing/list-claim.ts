/** Whether a message is excused what lists and mailings do every day: anybody can write that his is one. */
import type { Authentication } from "../../contract/authentication.ts";
import { whyAutomatic } from "../parse/automatic-mail.ts";

type Found = Pick<Authentication, "sender" | "override"> | null;

/** It says so, and the domain in From stands behind it, or a forwarder that is trusted does. Or nobody could look. */
export const isVouchedList = (header: Uint8Array, found: Found): boolean =>
  whyAutomatic(header) === "list" && (found === null || found.sender === "verified" || found.override !== null);
