/** The whole mesh on one machine: what starts in which order, and how all of it ends. */
import { say, sayRarely, surviveClosedOutput } from "../output.ts";
import { readSettings, SettingsError } from "../settings.ts";
import { StateFolder } from "../state.ts";
import { AlreadyRunning, takeLock } from "./lock.ts";
import { watchNpm } from "./npm-parent.ts";
import { type Closer, startParts } from "./parts.ts";
import { PortTaken } from "./ports.ts";
import { StopRequest } from "./stop-request.ts";

/** Stopping takes 3 s at most; what has not ended by then is ended with the process. */
const STOP_WITHIN_MILLISECONDS = 2_700;

/** Runs until it is told to stop. Returns the exit code; the caller then ends the process. */
export async function launch(environment: NodeJS.ProcessEnv): Promise<number> {
  surviveClosedOutput();
  const stop = new StopRequest();
  stop.listenForSignals();
  watchNpm(environment, () => stop.stop({ exitCode: 0 }));

  const closers: Closer[] = [];
  const running = run(environment, stop, closers);
  const reason = await Promise.race([running, stop.requested]).catch(failure);
  if (reason.line !== undefined) say(reason.line);
  await closeAll(closers);
  return reason.exitCode;
}

async function run(environment: NodeJS.ProcessEnv, stop: StopRequest, closers: Closer[]) {
  const settings = readSettings(environment);
  const state = new StateFolder(settings.stateFolder);
  await state.create().catch((error: Error) => {
    throw new SettingsError([`MAILMESH_STATE cannot be used: ${error.message}`]);
  });
  const lock = await takeLock(state);
  closers.push(lock.release);
  await startParts({ settings, state, stop, closers, environment, afterKill: lock.afterKill, report: sayRarely() });
  return stop.requested;
}

/** In the reverse order of starting, each as far as the time allows. */
async function closeAll(closers: Closer[]): Promise<void> {
  const late = new Promise<void>((resolve) => setTimeout(resolve, STOP_WITHIN_MILLISECONDS).unref());
  const inOrder = async () => {
    for (const close of closers.reverse()) {
      await close().catch((error: Error) => say(`While stopping: ${error.message}`));
    }
  };
  await Promise.race([inOrder(), late]);
}

/** What can be expected to go wrong is one line; anything else is a fault of ours, and shows where it happened. */
function failure(error: unknown) {
  if (error instanceof SettingsError) return { exitCode: 1, line: error.lines.join("\n") };
  if (error instanceof AlreadyRunning || error instanceof PortTaken) return { exitCode: 1, line: error.message };
  return { exitCode: 1, line: `Mailmesh could not start: ${error instanceof Error ? error.stack : String(error)}` };
}
