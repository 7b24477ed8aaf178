/**
 * What the launcher says. Standard output carries the `ready` line and nothing else, so that a script may wait for it;
 * everything for people goes to standard error.
 */

export function announceReady(line: string): void {
  process.stdout.write(`${line}\n`);
}

export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** The same line again and again, as from a mesh that is down under load, is said once in a while with its count. */
export function sayRarely(everyMilliseconds = 5_000): (line: string) => void {
  const seen = new Map<string, { at: number; suppressed: number }>();
  return (line) => {
    const now = Date.now();
    const last = seen.get(line);
    if (last !== undefined && now - last.at < everyMilliseconds) {
      last.suppressed += 1;
      return;
    }
    if (seen.size > 100) seen.clear();
    seen.set(line, { at: now, suppressed: 0 });
    say(last !== undefined && last.suppressed > 0 ? `${line} (and ${last.suppressed} times more)` : line);
  };
}

/** Whoever read our output may be gone, and that is no reason to stop: `npm start | head -1`. */
export function surviveClosedOutput(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
    });
  }
}
