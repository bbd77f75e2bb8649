/** Picks the endpoint for one attempt. O(1) where the algorithm allows, no allocation, synchronous. */
export interface Picker {
  /** The algorithm's name as `explain` and `/clusters` show it: `PEAK_EWMA`, `LEAST_REQUEST`, … */
  readonly algorithm: string;
  /** New membership: the slots of the {@link LoadTable} that belong to the cluster now. The array is never mutated afterwards. */
  update(slots: Int32Array): void;
  /**
   * A slot, or -1 when none is available. `avoid` are slots tried before by this call: they are taken only when nothing
   * else is available.
   */
  pick(avoid: readonly number[] | undefined, nowMs: number): number;
}
