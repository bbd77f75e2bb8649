import assert from 'node:assert/strict';
import { isLateenError, type LateenError } from '@lateen/core';

/** The LateenError that the promise rejects with; the test fails when it does not. */
export async function failure(promise: Promise<unknown>): Promise<LateenError> {
  const error = await promise.then(
    (value) => assert.fail(`it did not fail: ${JSON.stringify(value)}`),
    (reason: unknown) => reason,
  );
  if (isLateenError(error)) return error;
  const cause = (error as Error).cause;
  assert.ok(isLateenError(cause), String((error as Error).stack));
  return cause;
}

/** Real time, for what only the kernel can tell. */
export function soon(ms = 20): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
