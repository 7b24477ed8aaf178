/** The last line of a test run, plain and alone: `12 passed, 0 failed`, for whoever reads only that. */
import type { Reporter, SerializedError, TestModule } from "vitest/node";

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

export default class ClosingLine implements Reporter {
  /** A run that ends before it has results has failed. */
  #counts: Counts = { passed: 0, failed: 1, skipped: 0 };

  onInit(): void {
    // Other reporters and the end of the run itself print until then.
    process.once("exit", (code) => process.stdout.write(`${closingLine(this.#counts, code)}\n`));
  }

  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    this.#counts = countResults(modules, unhandled);
  }
}

function closingLine({ passed, failed, skipped }: Counts, exitCode: number): string {
  // A run that fails for another reason, such as no test at all, does not say that nothing failed.
  const failures = exitCode === 0 ? failed : Math.max(failed, 1);
  return `${passed} passed, ${failures} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}

function countResults(modules: readonly TestModule[], unhandled: readonly SerializedError[]): Counts {
  // What breaks outside of tests would be missing otherwise: files that do not load, hooks of whole files and groups.
  const counts = { passed: 0, failed: unhandled.length, skipped: 0 };
  for (const module of modules) {
    for (const room of [module, ...module.children.allSuites()]) if (room.errors().length > 0) counts.failed += 1;
    for (const test of module.children.allTests()) {
      const { state } = test.result();
      // Begun and never ended.
      counts[state === "pending" ? "failed" : state] += 1;
    }
  }
  return counts;
}
