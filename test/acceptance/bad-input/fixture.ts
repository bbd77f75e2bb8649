import assert from 'node:assert/strict';
import { isLateenError, type LateenError } from '@lateen/core';
import type { Bookinfo } from '../kit/bookinfo.ts';
import type { Report } from '../kit/check.ts';
import type { Load } from '../kit/load.ts';

export interface Fixture {
  readonly bookinfo: Bookinfo;
  /** Pages are asked for all the while: what goes wrong beside them must not touch them. */
  readonly load: Load;
}

/** A member that only calls. */
export const PROBER = { service: 'prober', serviceAccount: 'prober', services: ['prober'] };

/** The LateenError behind a failed call, or the one its response stands for. */
export async function failureOf(call: () => Promise<Response>): Promise<Pick<LateenError, 'status' | 'message'>> {
  try {
    const response = await call();
    const text = await response.text();
    assert.ok(response.status >= 400, `it answered ${response.status}`);
    return { status: response.status, message: text };
  } catch (error) {
    const { cause } = error as { cause?: unknown };
    if (isLateenError(cause)) return cause;
    if (isLateenError(error)) return error;
    throw error;
  }
}

/** One line, ended or not by a full stop, no stack trace, with the place in it. */
export function oneSentence(text: string, place: RegExp, report: Report): void {
  const lines = text.trim().split('\n');
  assert.equal(lines.length, 1, `one line: ${text}`);
  assert.match(text, place);
  report.say(`“${lines[0]}”`);
}
