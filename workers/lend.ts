/** Using a capability that a Mailbox gives out: called on before it has arrived, so that both are one round trip. */

/** What a stub's method promises of a capability. The platform's promise can be disposed of, which its type leaves out. */
type Promised = PromiseLike<unknown> & { catch(handle: () => void): unknown };

/**
 * `work` with the capability, which the object may forget afterwards without waiting for a garbage collection. A refusal
 * is told by the call that is made on it: by itself it would be a rejection that nobody handles.
 */
export async function lend<Capability extends Promised, Result>(
  capability: Capability,
  work: (capability: Capability) => Promise<Result>,
): Promise<Result> {
  capability.catch(() => {});
  try {
    return await work(capability);
  } finally {
    (capability as Capability & Disposable)[Symbol.dispose]();
  }
}
