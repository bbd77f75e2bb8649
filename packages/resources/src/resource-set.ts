import type { Resource } from './resource.ts';

/** A whole configuration, immutable. `number` counts up from 1 at its source; 0 is the empty one of a start without config. */
export interface Revision {
  readonly number: number;
  /** SHA-256 over the resources' canonical JSON, hex, first 16 digits. */
  readonly hash: string;
  readonly resources: readonly Resource[];
  readonly author: string;
  /** Epoch ms. */
  readonly time: number;
}

export const EMPTY_REVISION: Revision = { number: 0, hash: '0000000000000000', resources: [], author: '', time: 0 };
