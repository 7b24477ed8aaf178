/** The command line is not one: exit code 2, and where to read how. */
export class UsageError extends Error {}
