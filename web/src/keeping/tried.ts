/**
 * Asks a store of this browser for something. Some keep nothing, in private windows or on a full disk, and some do not
 * answer at all: whoever asks goes on without it.
 */
const LONGEST_WAIT = 1500;
/** One that did not answer is waited for no more, until it does. */
let isSilent = false;

/** Undefined where there was no answer in time; what was asked for may be done later all the same. */
export async function tried<T>(request: () => Promise<T>): Promise<T | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(
      () => {
        isSilent = true;
        resolve(undefined);
      },
      isSilent ? 0 : LONGEST_WAIT,
    );
  });
  const answer = answered(request);
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}

async function answered<T>(request: () => Promise<T>): Promise<T | undefined> {
  try {
    return await request();
  } catch {
    return undefined;
  } finally {
    isSilent = false;
  }
}
