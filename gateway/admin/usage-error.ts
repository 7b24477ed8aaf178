/** The command line is not one: exit code 2, and where to read how. */
export class UsageError extends Error {}

/** The command is one, but a value in it cannot be: exit code 2, and the message says what is wrong with it. */
export class ValueError extends Error {}

/** The command did its work, and the answer is bad news: one to be seen by whoever scripts it. */
export class CommandFailed extends Error {}
