import type { Endpoint } from '@lateen/core';

/**
 * The numbers the pickers read, one slot per endpoint of a cluster, in typed arrays so that a pick touches a few cache
 * lines and allocates nothing. Slots are stable for an endpoint's life and reused afterwards.
 */
export class LoadTable {
  /** Requests sent and not finished. */
  inFlight: Int32Array = new Int32Array(8);
  /** Peak-EWMA latency in ms; 0 = never measured. */
  ewmaMs: Float64Array = new Float64Array(8);
  /** Monotonic ms of the last latency sample. */
  sampledAt: Float64Array = new Float64Array(8);
  /** Monotonic ms since when the slot's endpoint is a member; -Infinity for one that nobody calls new. */
  addedAt: Float64Array = new Float64Array(8);
  /** Relative share, ≥ 1. */
  weight: Float64Array = new Float64Array(8).fill(1);
  /** 1 = may be picked; 0 = ejected or breaker open. */
  available: Uint8Array = new Uint8Array(8);
  /** What discovery says of the one in the slot: where it runs, its labels. Not read while picking. */
  readonly endpoints: (Endpoint | undefined)[] = [];
  #used = 0;
  readonly #free: number[] = [];

  /** A slot with fresh numbers, available. */
  acquire(weight: number, endpoint?: Endpoint): number {
    const slot = this.#free.pop() ?? this.#append();
    this.inFlight[slot] = 0;
    this.ewmaMs[slot] = 0;
    this.sampledAt[slot] = 0;
    this.addedAt[slot] = Number.NEGATIVE_INFINITY;
    this.weight[slot] = weight;
    this.available[slot] = 1;
    this.endpoints[slot] = endpoint;
    return slot;
  }

  /** Gives a slot back; only once nothing is in flight on it. */
  release(slot: number): void {
    this.available[slot] = 0;
    this.endpoints[slot] = undefined;
    this.#free.push(slot);
  }

  /** By which every process knows the endpoint: hashing needs all callers to agree. */
  name(slot: number): string {
    const endpoint = this.endpoints[slot];
    return endpoint ? `${endpoint.address}:${endpoint.port}` : String(slot);
  }

  #append(): number {
    if (this.#used === this.inFlight.length) this.#grow();
    return this.#used++;
  }

  #grow(): void {
    const size = this.#used * 2;
    this.inFlight = copyInto(new Int32Array(size), this.inFlight);
    this.ewmaMs = copyInto(new Float64Array(size), this.ewmaMs);
    this.sampledAt = copyInto(new Float64Array(size), this.sampledAt);
    this.addedAt = copyInto(new Float64Array(size), this.addedAt);
    this.weight = copyInto(new Float64Array(size), this.weight);
    this.available = copyInto(new Uint8Array(size), this.available);
  }
}

function copyInto<Table extends Int32Array | Float64Array | Uint8Array>(target: Table, source: Table): Table {
  target.set(source as never);
  return target;
}
