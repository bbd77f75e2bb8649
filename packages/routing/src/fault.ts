import type { Fault } from '@lateen/resilience';
import { durationMs } from './retries.ts';
import { shareOf } from './share.ts';
import type { FaultSpec } from './spec-types.ts';

/** An absent percentage is 0: the fault never happens. */
export function compileFault(spec: FaultSpec | undefined): Fault | undefined {
  if (!spec) return undefined;
  const fault: Fault = {
    delayMs: durationMs(spec.delay?.fixedDelay, 0),
    delayShare: shareOf(spec.delay?.percentage?.value ?? 0),
    abortStatus: spec.abort?.httpStatus ?? 0,
    abortShare: shareOf(spec.abort?.percentage?.value ?? 0),
  };
  return fault.delayShare > 0 || fault.abortShare > 0 ? fault : undefined;
}
