import type { Svid } from './svid.ts';

/** How long a connection may serve, counted from now, ms. */
export interface ConnectionLifetime {
  /** Until new requests should use another connection: 80 % of what the shorter certificate has left. */
  readonly retireInMs: number;
  /** Until it is cut, finished or not: the shorter certificate's end. */
  readonly cutInMs: number;
}

const RETIRE_RATIO = 0.8;

/** A connection never outlives either end's certificate. Ask when it is made; `peerNotAfter` is the principal's. */
export function connectionLifetime(own: Pick<Svid, 'notAfter'>, peerNotAfter: number, nowWallMs: number): ConnectionLifetime {
  const leftMs = Math.max(0, Math.min(own.notAfter, peerNotAfter) - nowWallMs);
  return { retireInMs: leftMs * RETIRE_RATIO, cutInMs: leftMs };
}
