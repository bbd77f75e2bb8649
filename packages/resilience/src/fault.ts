/** VirtualService's `fault`, compiled. Shares are 0–1 with a granularity of one in a million; an absent percentage is 0. */
export interface Fault {
  readonly delayMs: number;
  readonly delayShare: number;
  /** 0 = no abort. */
  readonly abortStatus: number;
  readonly abortShare: number;
}
