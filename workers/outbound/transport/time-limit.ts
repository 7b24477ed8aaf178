/** Nothing in this folder waits without an end. */

/**
 * Waits for `work`, but throws `late()` after so many milliseconds. The work itself cannot be stopped from here: whoever
 * started it must let go of what it holds.
 */
export async function within<T>(milliseconds: number, work: Promise<T>, late: () => Error): Promise<T> {
  // The loser of the race must not become an unhandled rejection.
  work.catch(() => {});
  if (milliseconds <= 0) throw late();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const alarm = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late()), milliseconds);
  });
  try {
    return await Promise.race([work, alarm]);
  } finally {
    clearTimeout(timer);
  }
}
