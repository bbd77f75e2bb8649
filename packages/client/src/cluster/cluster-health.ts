import { type Availability, OutlierDetector, UNAVAILABLE } from '@lateen/balancer';
import { type Breaker, BREAKER_STATE, type BreakerState, OpossumBreaker } from '@lateen/resilience';
import type { ClusterSpec } from '@lateen/routing';
import type { ClusterContext } from './cluster-context.ts';
import type { EndpointState } from './endpoint-state.ts';

export type BreakerWord = 'closed' | 'open' | 'half-open';
const BREAKER_WORDS: readonly BreakerWord[] = ['closed', 'open', 'half-open'];

/** Which endpoints of a cluster may be picked: outlier detection and breakers, each with its own reasons and its own bound. */
export class ClusterHealth {
  readonly #name: string;
  readonly #context: ClusterContext;
  readonly #availability: Availability;
  readonly #bySlot: readonly (EndpointState | undefined)[];
  readonly #open = new Set<EndpointState>();
  #spec: ClusterSpec;
  #members = new Int32Array(0);
  #outlier: OutlierDetector | undefined;

  constructor(
    spec: ClusterSpec,
    availability: Availability,
    bySlot: readonly (EndpointState | undefined)[],
    context: ClusterContext,
  ) {
    this.#name = spec.name;
    this.#spec = spec;
    this.#context = context;
    this.#bySlot = bySlot;
    this.#availability = availability;
    this.#outlier = this.#createDetector();
  }

  /** Whether endpoints are left out because their breakers are open. */
  get hasOpenBreaker(): boolean {
    return this.#open.size > 0;
  }

  get outlier(): OutlierDetector | undefined {
    return this.#outlier;
  }

  apply(spec: ClusterSpec, outlierChanged: boolean, breakerChanged: boolean): void {
    this.#spec = spec;
    if (outlierChanged) {
      this.#outlier?.close();
      for (const slot of this.#members) this.#availability.clear(slot, UNAVAILABLE.ejected);
      this.#outlier = this.#createDetector();
      this.#outlier?.update(this.#members);
    }
    if (breakerChanged) for (const slot of this.#members) this.#dropBreaker(this.#bySlot[slot]);
  }

  update(members: Int32Array<ArrayBuffer>): void {
    this.#members = members;
    this.#outlier?.update(members);
  }

  added(slot: number): void {
    this.#availability.reset(slot);
  }

  removed(state: EndpointState): void {
    this.#open.delete(state);
    this.#availability.set(state.slot, UNAVAILABLE.ejected);
  }

  /** Undefined where the policy has none. Made at an endpoint's first failure. */
  createBreaker(state: EndpointState): Breaker | undefined {
    if (!this.#spec.breaker) return undefined;
    return new OpossumBreaker(this.#spec.breaker, this.#context.clock, (change) => this.#onBreaker(state, change));
  }

  /** While a half-open breaker's trial runs nobody else picks the endpoint. */
  trialBegan(state: EndpointState): void {
    if (this.#mayLeaveOut()) this.#availability.set(state.slot, UNAVAILABLE.breakerOpen);
  }

  trialGivenUp(state: EndpointState): void {
    this.#availability.clear(state.slot, UNAVAILABLE.breakerOpen);
  }

  breakerWord(state: EndpointState): BreakerWord {
    return BREAKER_WORDS[state.breaker?.state ?? BREAKER_STATE.closed] as BreakerWord;
  }

  /** Epoch ms; 0 when it is not ejected. */
  ejectedUntil(slot: number): number {
    return this.#wallTime(this.#outlier?.state(slot).untilMs ?? 0);
  }

  close(): void {
    this.#outlier?.close();
  }

  #onBreaker(state: EndpointState, change: BreakerState): void {
    if (state.removed) return;
    this.#open.delete(state);
    if (change === BREAKER_STATE.open && this.#mayLeaveOut()) {
      this.#open.add(state);
      this.#availability.set(state.slot, UNAVAILABLE.breakerOpen);
    } else {
      this.#availability.clear(state.slot, UNAVAILABLE.breakerOpen);
    }
    const word = BREAKER_WORDS[change] as BreakerWord;
    this.#context.events.emit('breaker', { cluster: this.#name, endpoint: state.address, state: word });
  }

  /** Breakers never take more than their share of the endpoints: a broken cluster is tried rather than given up. */
  #mayLeaveOut(): boolean {
    const { breaker } = this.#spec;
    return breaker !== undefined && this.#open.size + 1 <= Math.floor(this.#members.length * breaker.maxOpenRatio);
  }

  #dropBreaker(state: EndpointState | undefined): void {
    if (!state?.breaker) return;
    state.breaker.close();
    state.breaker = undefined;
    this.#open.delete(state);
    this.#availability.clear(state.slot, UNAVAILABLE.breakerOpen);
  }

  #createDetector(): OutlierDetector | undefined {
    const settings = this.#spec.outlierDetection;
    if (!settings) return undefined;
    return new OutlierDetector(settings, this.#availability, this.#context.clock, (slot, change, reason, untilMs) => {
      const endpoint = this.#bySlot[slot]?.address ?? '';
      const event = { cluster: this.#name, endpoint, change, reason, untilMs: this.#wallTime(untilMs) };
      this.#context.events.emit('ejection', event);
    });
  }

  #wallTime(monotonicMs: number): number {
    const { clock } = this.#context;
    return monotonicMs === 0 ? 0 : clock.wallNow() + (monotonicMs - clock.now());
  }
}
