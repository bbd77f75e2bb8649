import type { InstanceDescription } from '@lateen/discovery';

/** One process that is connected, or was within the lease. */
export interface ProcessStatus {
  readonly instance: string;
  readonly service: string;
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly workload: string;
  readonly connected: boolean;
  /** The revision it runs; 0 when it has not said. */
  readonly revision: number;
  readonly hash: string;
  /** Why it refused the current revision. */
  readonly error?: string;
  readonly followsConfig: boolean;
  /** Epoch ms at which its certificate ends. */
  readonly certificateNotAfter: number;
  readonly certificateSerial: string;
  readonly adminAddress: string;
  /** Its clock less lateend's, when it connected. */
  readonly clockSkewMs: number;
}

/** What `GET /v1/status` tells. */
export interface StatusReply {
  readonly version: string;
  readonly trustDomain: string;
  /** Epoch ms. */
  readonly time: number;
  readonly startedAt: number;
  readonly revision: number;
  readonly hash: string;
  readonly registryVersion: number;
  readonly settling: boolean;
  readonly processes: readonly ProcessStatus[];
  readonly instances: readonly InstanceDescription[];
  /** Empty when all is well, else one sentence each. */
  readonly problems: readonly string[];
}
