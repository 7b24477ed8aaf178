/** Expected outcomes are values: either what was asked for, or a failure tagged by `reason` with its facts. */
export type Result<Value, Failure extends { reason: string }> =
  | { ok: true; value: Value }
  | { ok: false; error: Failure };

export function ok<Value>(value: Value): { ok: true; value: Value } {
  return { ok: true, value };
}

export function fail<Failure extends { reason: string }>(error: Failure): { ok: false; error: Failure } {
  return { ok: false, error };
}
