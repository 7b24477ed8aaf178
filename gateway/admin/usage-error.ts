/** The command line is not one: exit code 2, and where to read how. */
export class UsageError extends Error {}

/** The command is one, but a value in it cannot be: exit code 2, and the message says what is wrong with it. */
export class ValueError extends Error {}
