/** Picks the endpoint for one attempt. O(1) where the algorithm allows, no allocation, synchronous. */
export interface Picker {
  /** The algorithm's name as `explain` and `/clusters` show it: `PEAK_EWMA`, `LEAST_REQUEST`, … */
  readonly algorithm: string;
  /**
   * New membership: the slots of the {@link LoadTable} that belong to the cluster now. The array is never mutated afterwards.
   *
   * @param weights one for each slot, where the table's do not count. Only pickers that hash take them.
   */
  update(slots: Int32Array, weights?: ArrayLike<number>): void;
  /**
   * A slot, or -1 when none is available. `avoid` are slots tried before by this call: they are taken only when nothing
   * else is available. Those that hash take no notice of them.
   *
   * @param hash of what the cluster hashes by, 32 bits; `NO_HASH` when the request has nothing of the kind
   */
  pick(avoid: readonly number[] | undefined, nowMs: number, hash: number): number;
  /** What {@link pick} would say to a first try now, without the turn being taken; for explanations. Draws by chance are made anew. */
  peek(nowMs: number, hash: number): number;
}
