import type { Clock, Logger } from '@lateen/core';
import type { JoinTokenBody, JoinTokenReply } from '@lateen/control';
import { Lateend } from './lateend.ts';

export interface DaemonOptions {
  /** Folder (0700) for keys, configuration and registry. */
  readonly stateDir: string;
  /** Default `127.0.0.1`. */
  readonly host?: string;
  /** TLS port of the API. Default 15012; 0 takes a free one. */
  readonly port?: number;
  /** Plaintext loopback port for probes and Prometheus. 0 takes a free one, false none. Absent: 15014, or the next free one. */
  readonly adminPort?: number | false;
  /** Default `cluster.local`. */
  readonly trustDomain?: string;
  /** Life of a workload's certificate. Default 1 h. */
  readonly leafTtlMs?: number;
  /** Shortest life that may be asked for. Default 5 min. */
  readonly minTtlMs?: number;
  /** Folder or file of Istio YAML that becomes revision 1 of an empty state. */
  readonly configDir?: string;
  /** Where the pointer for the CLI is written; false writes none. Default `~/.lateen/admin`. */
  readonly pointerFile?: string | false;
  /** How long an instance stays after its stream was lost. Default 10 s. */
  readonly leaseMs?: number;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface Daemon {
  /** `https://127.0.0.1:15012` */
  readonly url: string;
  readonly port: number;
  /** 0 when there is none. */
  readonly adminPort: number;
  readonly statePath: string;
  /** Configuration revision in force at the start; 0 when there is none. */
  readonly revision: number;
  createToken(request: JoinTokenBody): Promise<JoinTokenReply>;
  /** Stops accepting, ends streams, waits for what is being written. */
  close(): Promise<void>;
}

/**
 * Starts lateend: certificate authority, registry and configuration in one process.
 *
 * @throws {LateenError} `LATEEN_PORT_IN_USE`, `LATEEN_STATE_CORRUPT`, `LATEEN_STATE_PERMISSIONS`, `LATEEN_CONFIG_INVALID` (seed),
 *   each naming the place and the mend.
 */
export function startDaemon(options: DaemonOptions): Promise<Daemon> {
  return Lateend.start(options);
}
