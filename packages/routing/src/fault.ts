import { type Fault, grpcStatusOf } from '@lateen/resilience';
import { durationMs } from './retries.ts';
import { shareOf } from './share.ts';
import type { FaultSpec } from './spec-types.ts';

/** What callers that don't speak gRPC get for an abort with a gRPC status, as from Envoy. */
const OK = 200;

/** An absent percentage is 0: the fault never happens. */
export function compileFault(spec: FaultSpec | undefined): Fault | undefined {
  if (!spec) return undefined;
  const { delay, abort } = spec;
  const grpcStatus = abort?.grpcStatus ? grpcStatusOf(abort.grpcStatus) : undefined;
  const fault: Fault = {
    delayMs: durationMs(delay?.fixedDelay, 0),
    delayShare: shareOf(delay?.percentage ? (delay.percentage.value ?? 0) : (delay?.percent ?? 0)),
    abortStatus: grpcStatus === undefined ? (abort?.httpStatus ?? 0) : OK,
    abortGrpcStatus: grpcStatus,
    abortShare: shareOf(abort?.percentage?.value ?? 0),
  };
  return fault.delayShare > 0 || fault.abortShare > 0 ? fault : undefined;
}
