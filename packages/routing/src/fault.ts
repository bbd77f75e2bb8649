import type { Fault } from '@lateen/resilience';
import { durationMs } from './retries.ts';
import { shareOf } from './share.ts';

interface PercentageSpec {
  readonly percentage?: { readonly value?: number };
  /** Deprecated, whole numbers. */
  readonly percent?: number;
}

/** VirtualService's `fault` as far as this module reads it. */
export interface FaultSpec {
  readonly delay?: PercentageSpec & { readonly fixedDelay?: string };
  readonly abort?: PercentageSpec & { readonly httpStatus?: number };
}

/** An absent percentage is 0: the fault never happens. */
export function compileFault(spec: FaultSpec | undefined): Fault | undefined {
  if (!spec) return undefined;
  const fault: Fault = {
    delayMs: durationMs(spec.delay?.fixedDelay, 0),
    delayShare: faultShare(spec.delay),
    abortStatus: spec.abort?.httpStatus ?? 0,
    abortShare: faultShare(spec.abort),
  };
  return fault.delayShare > 0 || fault.abortShare > 0 ? fault : undefined;
}

function faultShare(spec: PercentageSpec | undefined): number {
  return shareOf(spec?.percentage ? (spec.percentage.value ?? 0) : (spec?.percent ?? 0));
}
