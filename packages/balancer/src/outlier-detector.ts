import type { Clock, Timer } from '@lateen/core';
import { type Availability, UNAVAILABLE } from './availability.ts';

/** DestinationRule's `outlierDetection` as far as consecutive errors go. 0 turns one detector off. */
export interface OutlierDetectionOptions {
  readonly consecutive5xx: number;
  readonly consecutiveGatewayErrors: number;
  readonly consecutiveLocalOriginFailures: number;
  readonly splitExternalLocalOriginErrors: boolean;
  readonly intervalMs: number;
  readonly baseEjectionTimeMs: number;
  readonly maxEjectionPercent: number;
  /**
   * Changes within this time after one that took effect take effect together at its end, as in Envoy, which so spares its balancers work. 0 = all at once.
   */
  readonly mergeWindowMs: number;
}

/** What one attempt came to, for the detector: `local` = no connection, `reset` = a connection and no answer (reset, timeout, nonsense). */
export type OutlierSample = 'success' | '5xx' | 'gateway' | 'local' | 'reset';

export interface EjectionState {
  readonly ejected: boolean;
  /** Monotonic ms; 0 when not ejected. */
  readonly untilMs: number;
  /** How often, less one per healthy interval: the next ejection lasts base × (count + 1). */
  readonly count: number;
  readonly reason: string;
}

export type EjectionListener = (slot: number, change: 'ejected' | 'returned', reason: string, untilMs: number) => void;

class SlotRecord {
  serverErrors = 0;
  gatewayErrors = 0;
  localFailures = 0;
  ejectedUntil = 0;
  ejections = 0;
  reason = '';
  /** The slot's life this belongs to, see {@link Availability.life}. */
  readonly life: number;

  constructor(life: number) {
    this.life = life;
  }
}

const NOT_EJECTED: EjectionState = { ejected: false, untilMs: 0, count: 0, reason: '' };
/** Envoy's cap: an endpoint is never out for longer than this, or its base time where that is longer. */
const MAX_EJECTION_MS = 300_000;

/**
 * Takes endpoints that fail several times in a row out of the balancing for a while. One per cluster.
 *
 * An ejection needs (ejected + 1) / members ≤ maxEjectionPercent, so that with the default of 10 % nothing is ejected below ten endpoints. It lasts
 * base × count; the count falls by one per interval in which the endpoint was well. One timer runs while something is or was ejected.
 * Source: Envoy's outlier detection, consecutive errors.
 */
export class OutlierDetector {
  readonly #options: OutlierDetectionOptions;
  readonly #availability: Availability;
  readonly #clock: Clock;
  readonly #listener: EjectionListener;
  readonly #records = new Map<number, SlotRecord>();
  #members: Int32Array = new Int32Array(0);
  #ejected = 0;
  #sweep: Timer | undefined;
  /** When a change took effect last, and the timer of those that wait. */
  #shownAt = Number.NEGATIVE_INFINITY;
  #merge: Timer | undefined;

  constructor(options: OutlierDetectionOptions, availability: Availability, clock: Clock, listener: EjectionListener) {
    this.#options = options;
    this.#availability = availability;
    this.#clock = clock;
    this.#listener = listener;
  }

  /** The cluster's members now; what is known of the others is forgotten. */
  update(slots: Int32Array): void {
    const hadMembers = this.#members.length > 0;
    this.#members = slots;
    const present = new Set(slots);
    for (const [slot, record] of this.#records) {
      if (!present.has(slot) || record.life !== this.#availability.life(slot)) this.#forget(slot, record);
    }
    if (hadMembers) this.#showAll();
  }

  onResult(slot: number, sample: OutlierSample): void {
    if (sample === 'success') {
      const record = this.#records.get(slot);
      if (record) forgive(record);
      return;
    }
    // The last answers of one that left say nothing about the others.
    if (!this.#members.includes(slot)) return;
    const record = this.#recordOf(slot);
    const reason = this.#count(record, sample);
    if (reason && record.ejectedUntil === 0 && this.#mayEject()) this.#eject(slot, record, reason);
  }

  state(slot: number): EjectionState {
    const record = this.#records.get(slot);
    if (!record) return NOT_EJECTED;
    return { ejected: record.ejectedUntil > 0, untilMs: record.ejectedUntil, count: record.ejections, reason: record.reason };
  }

  close(): void {
    this.#sweep?.cancel();
    this.#merge?.cancel();
    this.#sweep = undefined;
    this.#merge = undefined;
  }

  #recordOf(slot: number): SlotRecord {
    const life = this.#availability.life(slot);
    let record = this.#records.get(slot);
    if (record && record.life !== life) this.#forget(slot, record);
    if (record?.life !== life) this.#records.set(slot, (record = new SlotRecord(life)));
    return record;
  }

  #forget(slot: number, record: SlotRecord): void {
    if (record.ejectedUntil > 0) this.#ejected--;
    this.#records.delete(slot);
  }

  /** The name of the detector that trips, if one does; it begins anew. Unless split, a failure without an answer counts as a 5xx and a gateway error. */
  #count(record: SlotRecord, sample: OutlierSample): string {
    const { splitExternalLocalOriginErrors, consecutive5xx, consecutiveGatewayErrors } = this.#options;
    if (splitExternalLocalOriginErrors && (sample === 'local' || sample === 'reset')) return this.#countLocal(record, sample);
    record.localFailures = 0;
    record.serverErrors++;
    if (sample === '5xx') record.gatewayErrors = 0;
    else record.gatewayErrors++;
    let reason = '';
    if (reached(record.gatewayErrors, consecutiveGatewayErrors)) {
      record.gatewayErrors = 0;
      reason = 'consecutive gateway errors';
    }
    if (reached(record.serverErrors, consecutive5xx)) {
      record.serverErrors = 0;
      reason ||= 'consecutive 5xx';
    }
    return reason;
  }

  /** A connection is a local success, so that a reset after it is the first failure of a new row. */
  #countLocal(record: SlotRecord, sample: 'local' | 'reset'): string {
    if (sample === 'reset') record.localFailures = 0;
    record.localFailures++;
    if (!reached(record.localFailures, this.#options.consecutiveLocalOriginFailures)) return '';
    record.localFailures = 0;
    return 'consecutive local origin failures';
  }

  #eject(slot: number, record: SlotRecord, reason: string): void {
    const { baseEjectionTimeMs, intervalMs } = this.#options;
    record.ejections++;
    record.reason = reason;
    const forMs = Math.min(baseEjectionTimeMs * record.ejections, Math.max(baseEjectionTimeMs, MAX_EJECTION_MS));
    record.ejectedUntil = this.#clock.now() + forMs;
    this.#ejected++;
    this.#show();
    this.#listener(slot, 'ejected', reason, record.ejectedUntil);
    this.#sweep ??= this.#clock.setTimeout(this.#onSweep, intervalMs);
  }

  #mayEject(): boolean {
    return (this.#ejected + 1) * 100 <= this.#options.maxEjectionPercent * this.#members.length;
  }

  readonly #onSweep = (): void => {
    const now = this.#clock.now();
    let remembered = false;
    for (const [slot, record] of this.#records) {
      if (record.ejectedUntil > 0) {
        if (record.ejectedUntil <= now) this.#return(slot, record);
      } else if (record.ejections > 0) {
        record.ejections--;
      }
      remembered ||= record.ejections > 0;
    }
    this.#sweep = remembered ? this.#clock.setTimeout(this.#onSweep, this.#options.intervalMs) : undefined;
  };

  #return(slot: number, record: SlotRecord): void {
    record.ejectedUntil = 0;
    forgive(record);
    this.#ejected--;
    this.#show();
    this.#listener(slot, 'returned', record.reason, 0);
  }

  /** Lets the balancing follow, at once or with the next ones. */
  #show(): void {
    const { mergeWindowMs } = this.#options;
    if (this.#clock.now() - this.#shownAt > mergeWindowMs || mergeWindowMs === 0) this.#showAll();
    else this.#merge ??= this.#clock.setTimeout(() => this.#showAll(), mergeWindowMs);
  }

  #showAll(): void {
    this.#merge?.cancel();
    this.#merge = undefined;
    this.#shownAt = this.#clock.now();
    for (const [slot, { ejectedUntil }] of this.#records) {
      if (ejectedUntil > 0) this.#availability.set(slot, UNAVAILABLE.ejected);
      else this.#availability.clear(slot, UNAVAILABLE.ejected);
    }
  }
}

function forgive(record: SlotRecord): void {
  record.serverErrors = 0;
  record.gatewayErrors = 0;
  record.localFailures = 0;
}

function reached(count: number, threshold: number): boolean {
  return threshold > 0 && count >= threshold;
}
