import type { Clock, EventSink, Logger, Random, Watched } from '@lateen/core';
import type { Registry } from '@lateen/discovery';
import type { IdentitySource } from '@lateen/identity';
import type { Revision } from '@lateen/resources';
import { LateendControl } from './lateend-control.ts';

export interface ControlOptions {
  /** `https://127.0.0.1:15012` */
  readonly url: string;
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly service: string;
  /** `reviews-v2` */
  readonly workload: string;
  /** Unique among the live processes: `reviews-v2-3f9a01`. */
  readonly instance: string;
  /** `host:port` of the process's admin endpoint, empty when off. Read whenever a stream is opened. */
  readonly adminAddress: () => string;
  /** File that holds a join string; read at each attempt to join, so that it can be replaced. */
  readonly tokenFile?: string;
  /** The join string itself. `tokenFile` wins. */
  readonly token?: string;
  /** Folder (0700) for key, certificate, last good configuration and endpoints. Absent: nothing survives the process. */
  readonly stateDir?: string;
  /** False where the process takes its configuration from elsewhere: `apply` does not wait for it then. Default true. */
  readonly followConfig?: boolean;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly events: EventSink;
}

/** The one connection of a process to lateend. Everything it fills stays as it was when lateend goes away. */
export interface ControlClient {
  readonly identity: IdentitySource;
  /** Name `lateend`. */
  readonly registry: Registry;
  /** lateend's configuration; `EMPTY_REVISION` until it came. */
  readonly revision: Watched<Revision>;
  /** Whether the stream is up. */
  readonly connected: Watched<boolean>;
  /** What keeps the process from working, one sentence with the mend; undefined also while lateend is away but its last word is known. */
  readonly problem: Watched<string | undefined>;
  /** Resolves when identity, configuration and endpoints are there, fresh or from the last run. Never rejects. */
  readonly ready: Promise<void>;
  /**
   * Says that the process can't run `revision` (it does not compile). Call it while a subscriber of `revision` runs; without it
   * the revision counts as running as soon as all subscribers returned.
   */
  refuseRevision(revision: Revision, reason: string): void;
  /** Leaves: takes what is still registered out, ends the stream, stops renewing. */
  close(): Promise<void>;
}

/**
 * Connects in the background; returns at once, also when lateend is down.
 *
 * @throws {LateenError} `LATEEN_BAD_OPTION` when the URL is none.
 */
export function connectControl(options: ControlOptions): ControlClient {
  return new LateendControl(options);
}
