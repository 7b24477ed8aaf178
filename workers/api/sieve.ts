/** `/v1/sieve`: Sieve scripts, checked as they are written, and tried on mail that is here. */
import { createRoute, z } from "@hono/zod-openapi";
import { Failure, notFound } from "../../contract/failure.ts";
import { MessageId } from "../../contract/ids.ts";
import {
  CheckSieveScript,
  PutSieveScript,
  ScriptName,
  SieveCheck,
  SieveScript,
  SieveScriptText,
  SieveState,
  SieveTest,
  TestSieveScript,
} from "../../contract/sieve.ts";
import { compileScript } from "../../mail/sieve/compile-script.ts";
import type { Program } from "../../mail/sieve/program.ts";
import { runScript } from "../../mail/sieve/run-script.ts";
import { viewMessage } from "../../mail/sieve/view-message.ts";
import { readRaw } from "../storage/raw-messages.ts";
import { body, json, noContent, problems, resource } from "./api-env.ts";

export const sieve = resource();

const name = z.object({ name: ScriptName });

sieve.openapi(
  createRoute({
    method: "get",
    path: "/",
    summary: "The scripts, what a script may require, and the last error of the active one",
    responses: { 200: json(SieveState, "All of them"), ...problems },
  }),
  async (c) => c.json(await c.var.session.rules().sieve(), 200),
);

sieve.openapi(
  createRoute({
    method: "post",
    path: "/check",
    summary: "Look for mistakes in a script, and keep nothing",
    request: { body: body(CheckSieveScript) },
    responses: { 200: json(SieveCheck, "The mistakes, each with its line and column"), ...problems },
  }),
  async (c) => {
    const compiled = compileScript(c.req.valid("json").script);
    return c.json({ is_valid: compiled.ok, issues: compiled.ok ? [] : compiled.error.issues }, 200);
  },
);

sieve.openapi(
  createRoute({
    method: "post",
    path: "/test",
    summary: "What a script, or the active one, would do with a message that is here",
    request: { body: body(TestSieveScript) },
    responses: { 200: json(SieveTest, "The actions"), ...problems },
  }),
  async (c) => {
    const { script, message_id } = c.req.valid("json");
    const rules = c.var.session.rules();
    const text = script ?? (await rules.activeScript())?.script;
    if (text === undefined) throw notFound("active script");
    const program = requireProgram(text);
    const messageId = MessageId.safeParse(message_id);
    if (!messageId.success) throw notFound("message");
    const { message, raw } = await c.var.session.openMessage(messageId.data);
    const folders = new Set((await rules.folderPaths()).map((path) => path.toLowerCase()));
    const envelope = { from: message.return_path, to: message.delivered_to };
    // Here, beside the mailbox, where nobody waits for it, and over the whole bytes.
    const view = viewMessage(await readRaw(c.env, raw.raw_key), envelope);
    const folderExists = (path: string) => folders.has(path.toLowerCase());
    return c.json(runScript(program, view, { now: Date.parse(message.received_at), folderExists }), 200);
  },
);

sieve.openapi(
  createRoute({
    method: "post",
    path: "/deactivate",
    summary: "Let no script be active",
    responses: noContent,
  }),
  async (c) => {
    await c.var.session.rules().activateScript(null);
    return c.body(null, 204);
  },
);

sieve.openapi(
  createRoute({
    method: "get",
    path: "/{name}",
    summary: "A script with its text",
    request: { params: name },
    responses: { 200: json(SieveScriptText, "The script"), ...problems },
  }),
  async (c) => c.json(await c.var.session.rules().readScript(c.req.valid("param").name), 200),
);

sieve.openapi(
  createRoute({
    method: "put",
    path: "/{name}",
    summary: "Make a script, or replace its text. One with a mistake is refused, and what was there stays",
    request: { params: name, body: body(PutSieveScript) },
    responses: { 200: json(SieveScript, "The script"), ...problems },
  }),
  async (c) => {
    const wanted = c.req.valid("json");
    requireProgram(wanted.script);
    return c.json(await c.var.session.rules().putScript(c.req.valid("param").name, wanted), 200);
  },
);

sieve.openapi(
  createRoute({
    method: "delete",
    path: "/{name}",
    summary: "Delete a script that is not active",
    request: { params: name },
    responses: noContent,
  }),
  async (c) => {
    await c.var.session.rules().deleteScript(c.req.valid("param").name);
    return c.body(null, 204);
  },
);

sieve.openapi(
  createRoute({
    method: "post",
    path: "/{name}/activate",
    summary: "Let this script, and no other, be run over mail that comes",
    request: { params: name },
    responses: { 200: json(SieveScript, "The script"), ...problems },
  }),
  async (c) => {
    const script = await c.var.session.rules().activateScript(c.req.valid("param").name);
    if (script === null) throw notFound("script");
    return c.json(script, 200);
  },
);

/** Each mistake where it is: `body.script:3:14` is in its third line. */
function requireProgram(script: string): Program {
  const compiled = compileScript(script);
  if (compiled.ok) return compiled.value;
  const issues = compiled.error.issues.map(({ line, column, message }) => {
    return { at: `body.script:${line}:${column}`, message };
  });
  throw new Failure("invalid_script", "The script has mistakes.", issues);
}
