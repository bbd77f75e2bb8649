import { type Endpoint, isLateenError, type LateenError } from '@lateen/core';
import type { OutlierSample } from '@lateen/balancer';
import type { IdentitySource } from '@lateen/identity';
import { type Breaker, BREAKER_STATE } from '@lateen/resilience';
import type { RequestSeries } from '@lateen/telemetry';
import { connectionSecurity } from '../transport/create-transport.ts';
import { identityMissing } from '../transport/mesh-connect.ts';
import type { Transport } from '../transport/transport.ts';
import type { Cluster } from './cluster.ts';

/**
 * What an attempt came to, as far as its endpoint's health goes. `local`: no connection, `reset`: a connection and no answer. `none`: it was given up, which
 * says nothing.
 */
export type Verdict = OutlierSample | 'none';

/**
 * One endpoint of one cluster, for as long as discovery names it and calls are in flight on it. Its numbers live in the
 * cluster's load table at `slot`.
 */
export class EndpointState {
  readonly cluster: Cluster;
  readonly slot: number;
  /** Replaced when discovery describes the same endpoint anew. */
  endpoint: Endpoint;
  series: RequestSeries;
  breaker: Breaker | undefined;
  requests = 0;
  failures = 0;
  /** Discovery no longer names it: what is in flight finishes, nothing new comes. */
  removed = false;
  /** Host header that the transport writes by itself; empty before the first call. */
  transportAuthority = '';
  #transport: Transport | undefined;

  constructor(cluster: Cluster, slot: number, endpoint: Endpoint, series: RequestSeries) {
    this.cluster = cluster;
    this.slot = slot;
    this.endpoint = endpoint;
    this.series = series;
  }

  get address(): string {
    const { address, port } = this.endpoint;
    return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
  }

  /** Undefined before the first call. */
  get openTransport(): Transport | undefined {
    return this.#transport;
  }

  /** Only after {@link prepare}. */
  get transport(): Transport {
    return this.#transport as Transport;
  }

  /**
   * Makes the transport at the first call; requests with this `authority` then need no Host header of their own.
   *
   * @returns why it cannot be called now, else undefined.
   */
  prepare(authority: string): LateenError | undefined {
    const { identity, spec } = this.cluster;
    if (!identity?.svid.value && connectionSecurity(spec, this.endpoint) === 'mesh') return noIdentity(spec.host, identity);
    if (this.#transport) return undefined;
    try {
      this.transportAuthority = usableAuthority(authority) ? authority : this.address;
      this.#transport = this.cluster.createTransport(this);
      return undefined;
    } catch (error) {
      if (isLateenError(error)) return error;
      throw error;
    }
  }

  /** Its connections no longer fit the settings: those in use finish, the next call makes new ones. */
  renewTransport(): void {
    void this.#transport?.drain();
    this.#transport = undefined;
  }

  /** Takes it for one attempt. With a half-open breaker that attempt is the trial. */
  acquire(): void {
    this.requests++;
    this.cluster.table.inFlight[this.slot]!++;
    if (this.breaker?.state === BREAKER_STATE.halfOpen && this.breaker.tryAcquire()) this.cluster.health.trialBegan(this);
  }

  release(verdict: Verdict): void {
    this.cluster.table.inFlight[this.slot]!--;
    if (verdict === 'success') this.breaker?.onSuccess();
    else this.#releaseUnsuccessful(verdict);
    if (verdict !== 'none') this.cluster.health.outlier?.onResult(this.slot, verdict);
    if (this.removed) this.cluster.forgetWhenIdle(this);
  }

  close(reason: Error): void {
    this.breaker?.close();
    this.#transport?.destroy(reason);
  }

  /** Lets what is in flight finish. */
  async drain(): Promise<void> {
    this.breaker?.close();
    await this.#transport?.drain();
  }

  #releaseUnsuccessful(verdict: Verdict): void {
    if (verdict === 'none') {
      if (this.breaker?.state !== BREAKER_STATE.halfOpen) return;
      this.breaker.release();
      this.cluster.health.trialGivenUp(this);
      return;
    }
    this.failures++;
    // The breaker counts gateway errors and failures without an answer; a plain 500 ends their row.
    if (verdict === '5xx') this.breaker?.onSuccess();
    else {
      this.breaker ??= this.cluster.health.createBreaker(this);
      this.breaker?.onFailure();
    }
  }
}

/** Whether `http://<authority>` means exactly this authority to undici. */
function usableAuthority(authority: string): boolean {
  const url = `http://${authority}`;
  return URL.canParse(url) && new URL(url).host === authority;
}

function noIdentity(host: string, identity: IdentitySource | undefined): LateenError {
  return identityMissing(host, identity ? identity.problem.value : 'this process has no identity configured');
}
