import type { ServerResponse } from 'node:http';
import { type AckBody, API_LIMITS, type BundleReply, type Laggard, type WatchMessage, type WatchQuery } from '@lateen/control';
import type { Clock, Timer } from '@lateen/core';
import type { PeerIdentity } from '@lateen/identity';
import type { Revision } from '@lateen/resources';
import type { RegistryChange } from '../registry/registry-store.ts';
import type { ProcessTable } from './process-table.ts';
import { WaitingRoom } from './waiting-room.ts';
import { WatchStream } from './watch-stream.ts';

export interface WatchHubOptions {
  readonly processes: ProcessTable;
  readonly clock: Clock;
  readonly leaseMs: number;
  snapshot(): Omit<Extract<WatchMessage, { type: 'snapshot' }>, 'type' | 'time' | 'settling'>;
  /** The last stream of a process ended. */
  onStreamEnded(instance: string): void;
  /** Instances that are expected: registered before a restart, not heard of yet. */
  expected(): readonly string[];
}

export interface RevisionAnswers {
  readonly acknowledged: readonly string[];
  readonly laggards: readonly Laggard[];
}

/** All open streams: pushes what changes to every process, and waits for their word. */
export class WatchHub {
  readonly #options: WatchHubOptions;
  readonly #streams = new Set<WatchStream>();
  readonly #waiting: WaitingRoom;
  #heartbeat: Timer;
  #settling = true;
  readonly #settled: Timer;

  constructor(options: WatchHubOptions) {
    this.#options = options;
    this.#waiting = new WaitingRoom(options.clock);
    this.#heartbeat = this.#planHeartbeat();
    this.#settled = options.clock.setTimeout(() => this.#settle(), options.leaseMs);
  }

  get settling(): boolean {
    return this.#settling;
  }

  /** Opens the stream: snapshot first, then whatever comes. Nothing can slip in between. */
  open(query: WatchQuery, peer: PeerIdentity, response: ServerResponse): void {
    const { processes, clock, snapshot, onStreamEnded } = this.#options;
    const stream: WatchStream = new WatchStream(response, () => {
      this.#streams.delete(stream);
      if (processes.disconnect(query.instance, stream)) onStreamEnded(query.instance);
      this.#waiting.recheck();
    });
    this.#streams.add(stream);
    processes.connect(query, peer, stream);
    stream.send(toLine({ type: 'snapshot', time: clock.wallNow(), settling: this.#settling, ...snapshot() }));
  }

  pushRegistry({ version, ...change }: RegistryChange, awaited: boolean): void {
    this.#push({ type: 'registry', registryVersion: version, ...change, acknowledge: awaited });
  }

  pushBundle(bundle: BundleReply): void {
    this.#push({ type: 'bundle', bundle });
  }

  /** Resolves when every process that follows the configuration has answered, after two seconds at the latest. */
  async pushRevision(revision: Revision): Promise<RevisionAnswers> {
    this.#push({ type: 'revision', revision });
    const { processes } = this.#options;
    const waiting = (): Laggard[] => [
      ...processes.revisionAnswers(revision.number, revision.hash).waiting,
      ...this.#missing().map((instance) => ({ instance, reason: 'has not come back since lateend started' })),
    ];
    await this.#waiting.wait(() => waiting().length === 0, API_LIMITS.applyAckMs);
    const { acknowledged, refused } = processes.revisionAnswers(revision.number, revision.hash);
    return { acknowledged, laggards: [...refused, ...waiting()] };
  }

  /** Resolves when every process but `leaving` has applied the registry's `version`, after `timeoutMs` at the latest. */
  registrySeen(version: number, leaving: string, timeoutMs: number): Promise<void> {
    const seen = (): boolean => {
      for (const { query, acknowledged } of this.#options.processes.connected()) {
        if (query.instance !== leaving && (acknowledged?.registryVersion ?? 0) < version) return false;
      }
      return true;
    };
    return this.#waiting.wait(seen, timeoutMs);
  }

  /** @returns false when no process of this identity has that id. */
  acknowledge(ack: AckBody, peer: PeerIdentity): boolean {
    const known = this.#options.processes.acknowledge(ack, peer);
    if (known) this.#waiting.recheck();
    return known;
  }

  close(): void {
    this.#heartbeat.cancel();
    this.#settled.cancel();
    for (const stream of [...this.#streams]) stream.end();
  }

  #missing(): string[] {
    if (!this.#settling) return [];
    const { processes, expected } = this.#options;
    return [...new Set(expected())].filter((instance) => !processes.isConnected(instance));
  }

  #settle(): void {
    this.#settling = false;
    this.#push({ type: 'settled' });
    this.#waiting.recheck();
  }

  #planHeartbeat(): Timer {
    const { clock, processes, leaseMs } = this.#options;
    return clock.setTimeout(() => {
      processes.forgetLost(leaseMs);
      this.#push({ type: 'heartbeat', time: clock.wallNow() });
      this.#heartbeat = this.#planHeartbeat();
    }, API_LIMITS.heartbeatMs);
  }

  #push(message: WatchMessage): void {
    const line = toLine(message);
    for (const stream of this.#streams) stream.send(line);
  }
}

function toLine(message: WatchMessage): string {
  return `${JSON.stringify(message)}\n`;
}
