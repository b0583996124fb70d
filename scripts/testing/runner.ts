/** What one test runner found. `skips` names each skipped test, so that CI can tell the expected ones from the rest. */
export type Outcome = { passed: number; failed: number; skips: string[] };

export type RunnerFiles = { projectDir: string; reportFile: string };

/** One program that runs tests. Another suite is another entry in runners.ts. */
export type Runner = {
  name: string;
  /** Why it cannot run on this machine (a missing tool), or undefined. Its suite then counts as one skipped test. */
  missing?: (files: RunnerFiles) => string | undefined;
  /** Program and arguments; `args` are what the person typed after `npm test --`. */
  command: (files: RunnerFiles, args: string[]) => string[];
  /** Reads the report the command wrote to `reportFile`. */
  parse: (report: string) => Outcome;
  /** The directory to run in, when it is not the project's. */
  directory?: string;
  /** Whether it understands arguments meant for vitest; a runner that does not is left out when there are any. */
  takesArguments: boolean;
};
