import type { LoadTable } from './load-table.ts';

/**
 * Turns by weight and by load: in each the members are credited with their weight for each request they have in flight and one more, and the one with the most
 * credit takes the turn. Idle members so get exactly their shares.
 *
 * Source: nginx's smooth weighted round robin, with weights that change as in Envoy's weighted LEAST_REQUEST.
 */
export class WeightedTurns {
  readonly #slots: Int32Array;
  readonly #credit: Float64Array;

  constructor(slots: Int32Array) {
    this.#slots = slots;
    this.#credit = new Float64Array(slots.length);
  }

  /** The member whose turn it is, one in `avoid` only when nobody else is available; -1 when nobody is. @param takes whether the turn is taken */
  next(table: LoadTable, avoid: readonly number[] | undefined, takes: boolean): number {
    let total = 0;
    let best = -1;
    let bestCredit = 0;
    let fresh = false;
    for (let i = 0; i < this.#slots.length; i++) {
      const slot = this.#slots[i] as number;
      if (table.available[slot] !== 1) continue;
      const weight = (table.weight[slot] as number) / ((table.inFlight[slot] as number) + 1);
      const credit = (this.#credit[i] as number) + weight;
      if (takes) this.#credit[i] = credit;
      total += weight;
      const isFresh = avoid === undefined || !avoid.includes(slot);
      if (best !== -1 && fresh && !isFresh) continue;
      if (best === -1 || (isFresh && !fresh) || credit > bestCredit) {
        best = i;
        bestCredit = credit;
        fresh = isFresh;
      }
    }
    if (best === -1) return -1;
    if (takes) this.#credit[best] = bestCredit - total;
    return this.#slots[best] as number;
  }
}
