import type { Endpoint, EndpointSet } from '@lateen/core';
import { Availability, LoadTable, NO_HASH, type Picker } from '@lateen/balancer';
import type { IdentitySource } from '@lateen/identity';
import type { RetryPolicy } from '@lateen/resilience';
import type { ClusterSpec, RouteRequest } from '@lateen/routing';
import type { RequestSeries } from '@lateen/telemetry';
import { ConnectionLimits } from '../transport/connection-limits.ts';
import type { Transport } from '../transport/transport.ts';
import { Admission } from './admission.ts';
import type { ClusterContext } from './cluster-context.ts';
import { ClusterHealth } from './cluster-health.ts';
import { createClusterPicker, pickAgain, PICKER_BLOCKS } from './cluster-picker.ts';
import { EndpointState } from './endpoint-state.ts';
import { requestHash } from './request-hash.ts';
import { namesAddress, originalDestination } from './original-destination.ts';

/** Hosts a cluster without endpoints of its own remembers connections to. */
const MAX_ORIGINAL_DESTINATIONS = 512;

/**
 * The running state of one cluster: endpoints, their load, limits and health. It lives as long as the configuration names the
 * cluster; a new configuration or a new set of endpoints changes it in place, so that what was learnt stays.
 */
export class Cluster {
  readonly name: string;
  readonly table: LoadTable = new LoadTable();
  readonly health: ClusterHealth;
  readonly #context: ClusterContext;
  readonly #availability: Availability;
  readonly #states = new Map<string, EndpointState>();
  readonly #bySlot: (EndpointState | undefined)[] = [];
  #spec: ClusterSpec;
  #picker: Picker;
  /** Whether a first try asks nothing but the picker. */
  #picksPlainly: boolean;
  #limits: ConnectionLimits;
  #series: RequestSeries | undefined;
  /** What calls are let in by; replaced with the settings. */
  admission: Admission;
  endpointSet: EndpointSet | undefined;

  constructor(spec: ClusterSpec, context: ClusterContext) {
    this.name = spec.name;
    this.#spec = spec;
    this.#context = context;
    this.#availability = new Availability(this.table);
    this.health = new ClusterHealth(spec, this.#availability, this.#bySlot, context);
    this.#picker = this.#createPicker();
    this.#picksPlainly = picksPlainly(spec);
    this.#limits = this.#createLimits();
    this.admission = new Admission(spec, context.clock.now());
  }

  get spec(): ClusterSpec {
    return this.#spec;
  }

  get identity(): IdentitySource | undefined {
    return this.#context.identity;
  }

  get algorithm(): string {
    return this.#spec.loadBalancer === 'PASSTHROUGH' ? 'PASSTHROUGH' : this.#picker.algorithm;
  }

  get limits(): ConnectionLimits {
    return this.#limits;
  }

  /** Without endpoints of its own: each request says itself where it goes. */
  get dialsRequest(): boolean {
    return this.#spec.resolution === 'none';
  }

  get endpoints(): readonly EndpointState[] {
    return [...this.#states.values()];
  }

  get size(): number {
    return this.#states.size;
  }

  /** For calls that no endpoint answered. */
  get series(): RequestSeries {
    this.#series ??= this.#context.series.ofCluster(this.#spec);
    return this.#series;
  }

  /**
   * The endpoint for one attempt, or undefined when none may be used.
   *
   * @param tried slots this call has tried, in order; undefined at the first try
   * @param retry the call's policy: whether those come last, and whether their priorities are left
   * @param madeCookie of a call that brought none
   */
  pick(
    request: RouteRequest,
    tried: readonly number[] | undefined,
    nowMs: number,
    retry?: RetryPolicy,
    madeCookie = '',
  ): EndpointState | undefined {
    if (this.#picksPlainly && tried === undefined) {
      const slot = this.#picker.pick(undefined, nowMs, NO_HASH);
      return slot === -1 ? undefined : this.#bySlot[slot];
    }
    if (this.dialsRequest || (this.#spec.loadBalancer === 'PASSTHROUGH' && namesAddress(request))) {
      return this.#originalDestination(request);
    }
    const hash = this.#spec.hash ? requestHash(this.#spec.hash.key, request, madeCookie) : NO_HASH;
    const slot = tried && retry ? pickAgain(this.#picker, tried, retry, nowMs, hash) : this.#picker.pick(tried, nowMs, hash);
    return slot === -1 ? undefined : this.#bySlot[slot];
  }

  /** The endpoint that a first try would get now; nothing moves on. Undefined also where the request names its own. */
  peek(request: RouteRequest, nowMs: number): EndpointState | undefined {
    if (this.dialsRequest) return undefined;
    const slot = this.#picker.peek(nowMs, this.#spec.hash ? requestHash(this.#spec.hash.key, request) : NO_HASH);
    return slot === -1 ? undefined : this.#bySlot[slot];
  }

  /** Takes over a new version of its settings; only what depends on a changed block is made anew. */
  apply(spec: ClusterSpec): void {
    const before = this.#spec;
    this.#spec = spec;
    if (before.fingerprint === spec.fingerprint) return;
    this.#picksPlainly = picksPlainly(spec);
    const changed = (block: keyof ClusterSpec): boolean => JSON.stringify(before[block]) !== JSON.stringify(spec[block]);
    this.#series = undefined;
    this.health.apply(spec, changed('outlierDetection'), changed('breaker'));
    if (changed('connectionPool') || changed('retryBudget')) this.admission = new Admission(spec, this.#context.clock.now());
    if (changed('connectionPool')) this.#limits = this.#createLimits();
    if (changed('connectionPool') || changed('tls') || changed('identities')) {
      for (const state of this.#states.values()) state.renewTransport();
    }
    if (PICKER_BLOCKS.some(changed)) this.#picker = this.#createPicker();
    if (this.endpointSet) this.setEndpoints(this.endpointSet);
  }

  /** New membership: endpoints that stay keep their state, new ones begin, the others finish what is in flight. */
  setEndpoints(set: EndpointSet): void {
    this.endpointSet = set;
    const wanted = new Map<string, Endpoint>();
    for (const endpoint of set.endpoints) if (this.#selects(endpoint)) wanted.set(endpoint.key, endpoint);
    for (const state of this.endpoints) {
      const endpoint = wanted.get(state.endpoint.key);
      if (!endpoint || !sameAddress(endpoint, state.endpoint)) this.#remove(state);
      else this.#describe(state, endpoint);
    }
    for (const [key, endpoint] of wanted) if (!this.#states.has(key)) this.#add(endpoint);
    const members = Int32Array.from(this.#states.values(), (state) => state.slot);
    this.#picker.update(members);
    this.health.update(members);
  }

  createTransport(state: EndpointState): Transport {
    return this.#context.createTransport(this.#spec, state, this.#limits, this.#context);
  }

  /** An endpoint that is gone from discovery gives its slot back when the last attempt on it has ended. */
  forgetWhenIdle(state: EndpointState): void {
    if (this.table.inFlight[state.slot] !== 0 || this.#bySlot[state.slot] !== state) return;
    this.#bySlot[state.slot] = undefined;
    this.table.release(state.slot);
    void state.drain();
  }

  /** Lets what is in flight finish, then closes all connections. */
  async drain(): Promise<void> {
    this.health.close();
    await Promise.all(this.#bySlot.map((state) => state?.drain()));
  }

  close(reason: Error): void {
    this.health.close();
    for (const state of this.#bySlot) state?.close(reason);
  }

  #selects(endpoint: Endpoint): boolean {
    for (const label in this.#spec.subsetLabels) {
      if (endpoint.labels[label] !== this.#spec.subsetLabels[label]) return false;
    }
    return true;
  }

  #add(endpoint: Endpoint): EndpointState {
    const slot = this.table.acquire(endpoint.weight, endpoint);
    this.table.addedAt[slot] = this.#context.clock.now();
    const state = new EndpointState(this, slot, endpoint, this.#context.series.ofEndpoint(this.#spec, endpoint));
    this.health.added(slot);
    this.#states.set(endpoint.key, state);
    this.#bySlot[slot] = state;
    this.#context.events.emit('endpoint', { cluster: this.name, endpoint: state.address, change: 'added' });
    return state;
  }

  #describe(state: EndpointState, endpoint: Endpoint): void {
    if (state.endpoint.tls !== endpoint.tls) state.renewTransport();
    state.endpoint = endpoint;
    this.table.endpoints[state.slot] = endpoint;
    state.series = this.#context.series.ofEndpoint(this.#spec, endpoint);
    this.table.weight[state.slot] = endpoint.weight;
  }

  #remove(state: EndpointState): void {
    this.#states.delete(state.endpoint.key);
    this.health.removed(state);
    state.removed = true;
    this.#context.events.emit('endpoint', { cluster: this.name, endpoint: state.address, change: 'removed' });
    this.forgetWhenIdle(state);
  }

  /** Dials the host that the request itself names: one state per origin, the oldest idle ones forgotten. */
  #originalDestination(request: RouteRequest): EndpointState {
    const endpoint = originalDestination(request);
    const known = this.#states.get(endpoint.key);
    if (known) return known;
    if (this.#states.size >= MAX_ORIGINAL_DESTINATIONS) {
      const idle = this.endpoints.find((state) => this.table.inFlight[state.slot] === 0);
      if (idle) this.#remove(idle);
    }
    return this.#add(endpoint);
  }

  #createPicker(): Picker {
    return createClusterPicker(this.#spec, this.table, this.#context.random, this.#availability);
  }

  #createLimits(): ConnectionLimits {
    const { maxConnections, maxPendingRequests } = this.#spec.connectionPool;
    return new ConnectionLimits(maxConnections, maxPendingRequests);
  }
}

function picksPlainly({ resolution, loadBalancer, hash }: ClusterSpec): boolean {
  return resolution !== 'none' && loadBalancer !== 'PASSTHROUGH' && hash === undefined;
}

function sameAddress(one: Endpoint, other: Endpoint): boolean {
  return one.address === other.address && one.port === other.port;
}
