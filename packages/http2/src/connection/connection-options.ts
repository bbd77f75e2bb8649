import type { Clock } from '@lateen/core';
import type { ConnectionEvents } from './connection-events.ts';
import type { Http2Limits } from './limits.ts';

export interface ConnectionOptions {
  readonly clock: Clock;
  /** Those not given are the defaults. */
  readonly limits?: Partial<Http2Limits>;
  readonly events?: ConnectionEvents;
}
