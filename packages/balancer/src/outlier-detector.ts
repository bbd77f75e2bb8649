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
  readonly minHealthPercent: number;
}

/** What one attempt came to, for the detector: `local` = no answer (connection failure, reset, timeout). */
export type OutlierSample = 'success' | '5xx' | 'gateway' | 'local';

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
  #members = 0;
  #ejected = 0;
  #sweep: Timer | undefined;

  constructor(options: OutlierDetectionOptions, availability: Availability, clock: Clock, listener: EjectionListener) {
    this.#options = options;
    this.#availability = availability;
    this.#clock = clock;
    this.#listener = listener;
  }

  /** The cluster's members now; what is known of the others is forgotten. */
  update(slots: Int32Array): void {
    this.#members = slots.length;
    const present = new Set(slots);
    for (const [slot, record] of this.#records) {
      if (present.has(slot)) continue;
      if (record.ejectedUntil > 0) this.#ejected--;
      this.#records.delete(slot);
    }
  }

  onResult(slot: number, sample: OutlierSample): void {
    if (sample === 'success') {
      const record = this.#records.get(slot);
      if (record) this.#forgive(record);
      return;
    }
    const record = this.#recordOf(slot);
    const reason = this.#count(record, sample);
    if (reason && record.ejectedUntil === 0) this.#eject(slot, record, reason);
  }

  state(slot: number): EjectionState {
    const record = this.#records.get(slot);
    if (!record) return NOT_EJECTED;
    return { ejected: record.ejectedUntil > 0, untilMs: record.ejectedUntil, count: record.ejections, reason: record.reason };
  }

  close(): void {
    this.#sweep?.cancel();
    this.#sweep = undefined;
  }

  #recordOf(slot: number): SlotRecord {
    let record = this.#records.get(slot);
    if (!record) this.#records.set(slot, (record = new SlotRecord()));
    return record;
  }

  #forgive(record: SlotRecord): void {
    record.serverErrors = 0;
    record.gatewayErrors = 0;
    record.localFailures = 0;
  }

  /** The name of the detector that trips, if one does. Unless split, a failure without an answer counts as a 5xx and a gateway error. */
  #count(record: SlotRecord, sample: OutlierSample): string {
    const { splitExternalLocalOriginErrors, consecutiveLocalOriginFailures, consecutive5xx, consecutiveGatewayErrors } =
      this.#options;
    if (sample === 'local' && splitExternalLocalOriginErrors) {
      record.localFailures++;
      return reached(record.localFailures, consecutiveLocalOriginFailures) ? 'consecutive local origin failures' : '';
    }
    record.serverErrors++;
    if (sample === '5xx') record.gatewayErrors = 0;
    else record.gatewayErrors++;
    if (reached(record.gatewayErrors, consecutiveGatewayErrors)) return 'consecutive gateway errors';
    return reached(record.serverErrors, consecutive5xx) ? 'consecutive 5xx' : '';
  }

  #eject(slot: number, record: SlotRecord, reason: string): void {
    if (!this.#mayEject()) return;
    const { baseEjectionTimeMs } = this.#options;
    record.ejections++;
    record.reason = reason;
    const forMs = Math.min(baseEjectionTimeMs * record.ejections, Math.max(baseEjectionTimeMs, MAX_EJECTION_MS));
    record.ejectedUntil = this.#clock.now() + forMs;
    this.#forgive(record);
    this.#ejected++;
    this.#availability.set(slot, UNAVAILABLE.ejected);
    this.#listener(slot, 'ejected', reason, record.ejectedUntil);
    this.#sweep ??= this.#clock.setTimeout(this.#onSweep, this.#options.intervalMs);
  }

  #mayEject(): boolean {
    const { maxEjectionPercent, minHealthPercent } = this.#options;
    const after = this.#ejected + 1;
    const healthyPercent = ((this.#members - this.#ejected) / this.#members) * 100;
    return after * 100 <= maxEjectionPercent * this.#members && healthyPercent >= minHealthPercent;
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
    this.#ejected--;
    this.#availability.clear(slot, UNAVAILABLE.ejected);
    this.#listener(slot, 'returned', record.reason, 0);
  }
}

function reached(count: number, threshold: number): boolean {
  return threshold > 0 && count >= threshold;
}
