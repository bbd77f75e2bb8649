import type { AckBody, Laggard, ProcessStatus, WatchQuery } from '@lateen/control';
import type { Clock } from '@lateen/core';
import type { PeerIdentity } from '@lateen/identity';
import type { WatchStream } from './watch-stream.ts';

/** One process as its streams and acknowledgements show it. */
export interface ProcessEntry {
  readonly query: WatchQuery;
  readonly peer: PeerIdentity;
  /** Two for a moment, while a process moves to a connection with its new certificate. */
  readonly streams: Set<WatchStream>;
  readonly clockSkewMs: number;
  acknowledged: AckBody | undefined;
  lostAt: number;
}

/** Every process that has a stream open, or had one a moment ago. */
export class ProcessTable {
  readonly #processes = new Map<string, ProcessEntry>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  isConnected(instance: string): boolean {
    return (this.#processes.get(instance)?.streams.size ?? 0) > 0;
  }

  /** Whose the instance id is, while it has a stream. */
  holder(instance: string): string | undefined {
    return this.isConnected(instance) ? this.#processes.get(instance)?.peer.principal.id : undefined;
  }

  connect(query: WatchQuery, peer: PeerIdentity, stream: WatchStream): void {
    const before = this.#processes.get(query.instance);
    const streams = before?.streams ?? new Set();
    const clockSkewMs = query.time - this.#clock.wallNow();
    streams.add(stream);
    this.#processes.set(query.instance, { query, peer, streams, clockSkewMs, acknowledged: before?.acknowledged, lostAt: 0 });
  }

  /** @returns true when it was the process's last stream. */
  disconnect(instance: string, stream: WatchStream): boolean {
    const entry = this.#processes.get(instance);
    if (!entry?.streams.delete(stream) || entry.streams.size > 0) return false;
    entry.lostAt = this.#clock.now();
    return true;
  }

  /** @returns false when no process of this identity has that id. */
  acknowledge(ack: AckBody, { principal }: PeerIdentity): boolean {
    const entry = this.#processes.get(ack.instance);
    if (entry?.peer.principal.id !== principal.id) return false;
    entry.acknowledged = ack;
    return true;
  }

  /** Forgets those that were lost longer ago than `afterMs`. */
  forgetLost(afterMs: number): void {
    for (const [instance, { streams, lostAt }] of this.#processes) {
      if (streams.size === 0 && this.#clock.now() - lostAt > afterMs) this.#processes.delete(instance);
    }
  }

  *connected(): Generator<ProcessEntry> {
    for (const entry of this.#processes.values()) if (entry.streams.size > 0) yield entry;
  }

  status(): ProcessStatus[] {
    return [...this.#processes.values()].map(({ query, peer, streams, clockSkewMs, acknowledged }) => ({
      instance: query.instance,
      service: query.service,
      namespace: peer.principal.namespace,
      serviceAccount: peer.principal.serviceAccount,
      workload: peer.principal.labels?.workload ?? query.workload,
      connected: streams.size > 0,
      revision: acknowledged?.revision ?? 0,
      hash: acknowledged?.hash ?? '',
      ...(acknowledged?.error === undefined ? {} : { error: acknowledged.error }),
      followsConfig: query.followsConfig,
      certificateNotAfter: peer.principal.notAfter,
      certificateSerial: peer.serial,
      adminAddress: query.adminAddress,
      clockSkewMs,
    }));
  }

  /** Which of the connected processes that follow lateend's configuration run this revision, and which do not (yet). */
  revisionAnswers(
    revision: number,
    hash: string,
  ): { readonly acknowledged: string[]; readonly refused: Laggard[]; readonly waiting: Laggard[] } {
    const acknowledged: string[] = [];
    const refused: Laggard[] = [];
    const waiting: Laggard[] = [];
    for (const { query, acknowledged: ack } of this.connected()) {
      if (!query.followsConfig) continue;
      const { instance } = query;
      const answered = ack?.revision === revision && ack.hash === hash;
      if (answered && ack.error === undefined) acknowledged.push(instance);
      else if (answered) refused.push({ instance, reason: `refused it: ${ack.error}` });
      else waiting.push({ instance, reason: ack ? `still runs revision ${ack.revision}` : 'has not said what it runs' });
    }
    return { acknowledged, refused, waiting };
  }
}
