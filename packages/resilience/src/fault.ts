import type { Random } from '@lateen/core';

/** VirtualService's `fault`, compiled. Shares are 0–1 with a granularity of one in a million; an absent percentage is 0. */
export interface Fault {
  readonly delayMs: number;
  readonly delayShare: number;
  /** 0 = no abort. */
  readonly abortStatus: number;
  /** For gRPC callers where the rule names one; otherwise theirs follows from `abortStatus`. */
  readonly abortGrpcStatus: number | undefined;
  readonly abortShare: number;
}

/** The delay that befalls this request, ms; 0 = none. Drawn apart from the abort, as Envoy does. */
export function drawDelayMs(fault: Fault, random: Random): number {
  return hits(fault.delayShare, random) ? fault.delayMs : 0;
}

/** The status this request is aborted with; 0 = none. */
export function drawAbortStatus(fault: Fault, random: Random): number {
  return hits(fault.abortShare, random) ? fault.abortStatus : 0;
}

function hits(share: number, random: Random): boolean {
  if (share <= 0) return false;
  return share >= 1 || random.int(1_000_000) < share * 1_000_000;
}
