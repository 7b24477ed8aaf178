/** Sieve scripts of an account (RFC 5228): kept by name, at most one of them active. */
import { z } from "zod";

/** RFC 5804 §1.6: no control characters, no separators of lines. */
export const ScriptName = z
  .string()
  .min(1)
  .max(128)
  .regex(/^[^\p{Cc}\p{Zl}\p{Zp}\p{Cs}/]+$/u, "a name has no slash and no control characters");

/** What is wrong with a script: line and column count from 1. */
export const ScriptIssue = z.object({ line: z.number().int(), column: z.number().int(), message: z.string() });
export type ScriptIssue = z.infer<typeof ScriptIssue>;

export const SieveScript = z.object({
  name: z.string(),
  user_id: z.string(),
  is_active: z.boolean(),
  /** Characters. */
  size: z.number().int(),
  changed_at: z.string(),
});
export type SieveScript = z.infer<typeof SieveScript>;

/** Why the active script could not be run to its end, the last time. Its message was kept in the inbox. */
export const SieveError = z.object({ script: z.string(), message: z.string(), at: z.string() });
export type SieveError = z.infer<typeof SieveError>;

export const SieveState = z.object({
  /** What a script may ask for with `require`. */
  capabilities: z.array(z.string()),
  scripts: z.array(SieveScript),
  last_error: SieveError.nullable(),
});
export type SieveState = z.infer<typeof SieveState>;

export const SieveScriptText = SieveScript.extend({ script: z.string() });
export type SieveScriptText = z.infer<typeof SieveScriptText>;

export const PutSieveScript = z.strictObject({ script: z.string(), is_active: z.boolean().optional() });
export type PutSieveScript = z.infer<typeof PutSieveScript>;

export const CheckSieveScript = z.strictObject({ script: z.string() });
export const SieveCheck = z.object({ is_valid: z.boolean(), issues: z.array(ScriptIssue) });
export type SieveCheck = z.infer<typeof SieveCheck>;

/** A script, or the active one, over a message that is here. */
export const TestSieveScript = z.strictObject({ script: z.string().optional(), message_id: z.string() });

export const SieveAction = z.discriminatedUnion("action", [
  z.object({ action: z.literal("keep"), flags: z.array(z.string()) }),
  z.object({ action: z.literal("fileinto"), folder: z.string(), flags: z.array(z.string()), create: z.boolean() }),
  z.object({ action: z.literal("redirect"), address: z.string() }),
  z.object({ action: z.literal("reject"), reason: z.string() }),
  z.object({
    action: z.literal("vacation"),
    reason: z.string(),
    days: z.number().int().nullable(),
    subject: z.string().nullable(),
    from: z.string().nullable(),
    addresses: z.array(z.string()),
    mime: z.boolean(),
    handle: z.string().nullable(),
  }),
  z.object({ action: z.literal("discard") }),
]);

/** What would be done. Nothing is. */
export const SieveTest = z.object({ actions: z.array(SieveAction), error: z.string().nullable() });
