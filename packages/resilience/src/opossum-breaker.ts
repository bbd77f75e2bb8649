import { EventEmitter } from 'node:events';
import { createRequire } from 'node:module';
import { type Clock, MAX_TIMER_MS, type Timer } from '@lateen/core';
import { type Breaker, BREAKER_STATE, type BreakerOptions, type BreakerState } from './breaker.ts';

/** The part of opossum's CircuitBreaker that is used: state, transitions and their events. Never `fire()`, which costs a promise a request. */
interface OpossumCircuit {
  open(): void;
  close(): void;
  shutdown(): void;
  on(event: 'open' | 'close', listener: () => void): this;
}

type OpossumConstructor = new (action: () => Promise<void>, options: object) => OpossumCircuit;

// Loaded at the first failure of the process: a healthy one never pays for it.
const require = createRequire(import.meta.url);
let Circuit: OpossumConstructor | undefined;

/**
 * Opossum rotates its statistics by a timer per breaker unless told where to listen; this one is shared and never speaks,
 * since the counts are ours.
 */
const noRotation = new EventEmitter().setMaxListeners(0);

const CIRCUIT_OPTIONS = {
  timeout: false,
  rollingPercentilesEnabled: false,
  enableSnapshots: false,
  rotateBucketController: noRotation,
  // Its own timer would run on the machine's time; ours decides when the pause is over.
  resetTimeout: MAX_TIMER_MS,
} as const;

/** A circuit can be made half-open, but not told to become so. */
const HALF_OPEN = { enabled: true, closed: false, open: false, halfOpen: true } as const;

/**
 * A breaker for one endpoint: so many failures in a row open it, after a pause one trial at a time decides.
 *
 * opossum is the state machine, made when the breaker first opens, so that an endpoint that never fails costs two numbers; counts and the
 * pause are ours.
 */
export class OpossumBreaker implements Breaker {
  readonly #options: BreakerOptions;
  readonly #clock: Clock;
  readonly #onChange: (state: BreakerState) => void;
  #circuit: OpossumCircuit | undefined;
  #state: BreakerState = BREAKER_STATE.closed;
  #failures = 0;
  #trialInFlight = false;
  #pause: Timer | undefined;

  /** @param onChange told every change of state, synchronously. */
  constructor(options: BreakerOptions, clock: Clock, onChange: (state: BreakerState) => void) {
    this.#options = options;
    this.#clock = clock;
    this.#onChange = onChange;
  }

  get state(): BreakerState {
    return this.#state;
  }

  get consecutiveFailures(): number {
    return this.#failures;
  }

  tryAcquire(): boolean {
    if (this.#state === BREAKER_STATE.closed) return true;
    if (this.#state === BREAKER_STATE.open || this.#trialInFlight) return false;
    this.#trialInFlight = true;
    return true;
  }

  release(): void {
    this.#trialInFlight = false;
  }

  onSuccess(): void {
    this.#trialInFlight = false;
    this.#failures = 0;
    // An answer to something sent before it opened says nothing about now.
    if (this.#state === BREAKER_STATE.halfOpen) this.#circuit?.close();
  }

  onFailure(): void {
    this.#trialInFlight = false;
    this.#failures++;
    if (this.#state === BREAKER_STATE.halfOpen) this.#circuit?.open();
    else if (this.#state === BREAKER_STATE.closed && this.#failures >= this.#options.consecutiveFailures) this.#trip();
  }

  close(): void {
    this.#pause?.cancel();
    this.#circuit?.shutdown();
    this.#circuit = undefined;
  }

  #trip(): void {
    this.#circuit ??= this.#makeCircuit({});
    this.#circuit.open();
  }

  #onOpen(): void {
    this.#pause = this.#clock.setTimeout(() => this.#halfOpen(), this.#options.openMs);
    this.#change(BREAKER_STATE.open);
  }

  #halfOpen(): void {
    this.#circuit?.shutdown();
    this.#circuit = this.#makeCircuit({ state: HALF_OPEN });
    this.#change(BREAKER_STATE.halfOpen);
  }

  #makeCircuit(start: { readonly state?: typeof HALF_OPEN }): OpossumCircuit {
    Circuit ??= require('opossum') as OpossumConstructor;
    const circuit = new Circuit(() => Promise.resolve(), { ...CIRCUIT_OPTIONS, ...start });
    circuit.on('open', () => this.#onOpen());
    circuit.on('close', () => this.#change(BREAKER_STATE.closed));
    return circuit;
  }

  #change(state: BreakerState): void {
    this.#state = state;
    this.#onChange(state);
  }
}
