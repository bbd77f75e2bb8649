import type { RawHeaders } from '@lateen/core';
import type { Cluster } from '../cluster/cluster.ts';
import type { CallFacts } from '../call/call-facts.ts';
import type { ClientRuntime } from '../runtime.ts';
import { MirrorRequest } from './mirror-request.ts';

const MAX_MIRRORS = 256;
const MAX_MIRRORED_BYTES = 16 * 1024 * 1024;

/** Body of a call as far as it is in memory; undefined while it streams. */
type KnownBody = string | Uint8Array | null;

/**
 * Copies of requests for other clusters: fire and forget, bounded in number and bytes, counted for drain. What finds no room is dropped. A
 * streamed body is copied when all of it was sent and still fits into what is kept for a retry.
 */
export class Mirrors {
  readonly #late = new WeakMap<CallFacts, Cluster[]>();
  readonly #inFlight = new Set<MirrorRequest>();
  #bytes = 0;
  #idle: (() => void)[] = [];
  /** Copies that found no room. */
  dropped = 0;

  get size(): number {
    return this.#inFlight.size;
  }

  /** The request is about to be sent; its headers are those that every attempt has. */
  onRequest(call: CallFacts): void {
    for (const { cluster: name, share } of call.route.mirrors) {
      const cluster = call.plan.clusters.get(name);
      if (!cluster || (share < 1 && call.runtime.random.next() >= share)) continue;
      if (call.body.length === undefined) this.#later(call, cluster);
      else this.#send(call, cluster, call.body.open() as KnownBody);
    }
  }

  /** The call has ended: what it streamed can be copied now, if it was kept. */
  onRequestEnd(call: CallFacts): void {
    const clusters = this.#late.get(call);
    if (!clusters) return;
    this.#late.delete(call);
    if (!call.body.replayable) {
      this.dropped += clusters.length;
      return;
    }
    for (const cluster of clusters) this.#send(call, cluster, call.body.open() as never);
  }

  whenIdle(): Promise<void> {
    if (this.#inFlight.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  close(reason: Error): void {
    for (const mirror of [...this.#inFlight]) mirror.cancel(reason);
  }

  #later(call: CallFacts, cluster: Cluster): void {
    const clusters = this.#late.get(call);
    if (clusters) clusters.push(cluster);
    else this.#late.set(call, [cluster]);
  }

  #send(call: CallFacts, cluster: Cluster, body: KnownBody): void {
    const bytes = call.body.length ?? call.requestBytes;
    if (this.#inFlight.size >= MAX_MIRRORS || this.#bytes + bytes > MAX_MIRRORED_BYTES) {
      this.dropped++;
      return;
    }
    const mirror = new MirrorRequest(call, cluster, mirrorHeaders(call), body, () => this.#ended(mirror, bytes));
    this.#inFlight.add(mirror);
    this.#bytes += bytes;
    mirror.start();
  }

  #ended(mirror: MirrorRequest, bytes: number): void {
    if (!this.#inFlight.delete(mirror)) return;
    this.#bytes -= bytes;
    if (this.#inFlight.size > 0) return;
    const waiting = this.#idle;
    this.#idle = [];
    for (const resolve of waiting) resolve();
  }
}

/** The call's headers with a trace of its own that nobody samples, as in Istio. */
function mirrorHeaders(call: CallFacts): RawHeaders {
  const headers = call.request.headers.slice(0, call.commonHeaders);
  const { runtime }: { runtime: ClientRuntime } = call;
  if (call.trace && !call.tracedByCaller)
    runtime.tracing.inject({ ...runtime.tracing.child(call.trace), sampled: false }, headers);
  if (runtime.sidecar?.attemptCount) headers.push('x-envoy-attempt-count', '1');
  if (runtime.sidecar) headers.push('x-envoy-internal', 'true');
  headers.push('host', runtime.shadowHostSuffix ? shadowHost(call.request.authority) : call.request.authority);
  return headers;
}

/** `reviews:9080` → `reviews-shadow:9080` */
function shadowHost(authority: string): string {
  const port = /:\d+$/.exec(authority)?.[0] ?? '';
  return `${authority.slice(0, authority.length - port.length)}-shadow${port}`;
}
