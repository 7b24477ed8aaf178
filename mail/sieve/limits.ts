/** What a script may be and do. Each limit is above what RFC 5228 and its extensions ask for at least. */

/** UTF-16 code units. */
export const MAX_SCRIPT_LENGTH = 64 * 1024;

/** RFC 5228 §2.10.5 and §2.10.4: at least 15 levels of blocks, and of tests. */
export const MAX_NESTING = 32;

/** Errors told at once. */
export const MAX_ISSUES = 20;

/** RFC 5229 §3: at least 128 variables with at least 4,000 characters each. */
export const MAX_VARIABLES = 256;
export const MAX_VARIABLE_LENGTH = 4096;
/** RFC 5229 §3: at least 32 characters. */
export const MAX_VARIABLE_NAME = 64;
/** RFC 5229 §3.2: at least nine. */
export const MAX_MATCH_VARIABLES = 32;

/** A text that variables were put into. */
export const MAX_EXPANDED_LENGTH = 64 * 1024;

/** Of one message: Pigeonhole has the same. */
export const MAX_REDIRECTS = 4;
export const MAX_ACTIONS = 32;

/** Flags on one message. */
export const MAX_FLAGS = 50;

/**
 * Characters that one run may look at. A script has no loops, but a long list of keys over a long body is one: measured,
 * this is at most 0.1 s.
 */
export const MAX_WORK = 64 * 1024 * 1024;
