import type { Clock, Timer } from './clock.ts';

/**
 * What can be put on the wheel: an object that already exists (an `Attempt`, a `Call`), so that a
 * deadline costs no allocation. The three fields belong to the wheel; start them as `null`, `null`, `-1`.
 */
export interface WheelNode {
  wheelNext: WheelNode | null;
  wheelPrevious: WheelNode | null;
  /** The tick it fires at; -1 when it is not on the wheel. */
  wheelTick: number;
  /** Called at most once per `schedule`, at the deadline or up to one tick later. */
  onDeadline(): void;
}

class SlotHead implements WheelNode {
  wheelNext: WheelNode | null = this;
  wheelPrevious: WheelNode | null = this;
  wheelTick = -1;
  onDeadline(): void {}
}

/**
 * Deadlines for the request path: a hashed wheel of intrusive lists, schedule and cancel in O(1) and without allocating.
 *
 * One clock timer runs while anything is scheduled, none when the wheel is empty. A deadline beyond one turn stays in its
 * slot and is looked at once a turn.
 * Source: Varghese and Lauck, "Hashed and Hierarchical Timing Wheels" (1987), scheme 6.
 */
export class TimerWheel {
  readonly #clock: Clock;
  readonly #tickMs: number;
  readonly #slots: SlotHead[];
  readonly #mask: number;
  readonly #startedAt: number;
  #currentTick = 0;
  #size = 0;
  #timer: Timer | undefined;

  /** @param options `tickMs`: resolution, default 10; `slots`: a power of two, default 512 (a turn of 5.12 s). */
  constructor(clock: Clock, options: { readonly tickMs?: number; readonly slots?: number } = {}) {
    const slots = options.slots ?? 512;
    if ((slots & (slots - 1)) !== 0) throw new RangeError(`slots must be a power of two, got ${slots}`);
    this.#clock = clock;
    this.#tickMs = options.tickMs ?? 10;
    this.#slots = Array.from({ length: slots }, () => new SlotHead());
    this.#mask = slots - 1;
    this.#startedAt = clock.now();
  }

  /** How many nodes wait. */
  get size(): number {
    return this.#size;
  }

  /** Fires `node` at `atMs` on the clock's monotonic scale; a node that already waits is moved. */
  schedule(node: WheelNode, atMs: number): void {
    if (node.wheelTick !== -1) this.cancel(node);
    const tick = Math.max(Math.ceil((atMs - this.#startedAt) / this.#tickMs), this.#nowTick() + 1);
    const head = this.#slots[tick & this.#mask] as SlotHead;
    const last = head.wheelPrevious as WheelNode;
    node.wheelTick = tick;
    node.wheelNext = head;
    node.wheelPrevious = last;
    last.wheelNext = node;
    head.wheelPrevious = node;
    this.#size++;
    if (!this.#timer) this.#start();
  }

  /** Takes `node` off. Nothing happens when it is not on. */
  cancel(node: WheelNode): void {
    if (node.wheelTick === -1) return;
    (node.wheelPrevious as WheelNode).wheelNext = node.wheelNext;
    (node.wheelNext as WheelNode).wheelPrevious = node.wheelPrevious;
    node.wheelNext = null;
    node.wheelPrevious = null;
    node.wheelTick = -1;
    this.#size--;
  }

  #nowTick(): number {
    return this.#timer ? this.#currentTick : Math.floor((this.#clock.now() - this.#startedAt) / this.#tickMs);
  }

  #start(): void {
    this.#currentTick = Math.floor((this.#clock.now() - this.#startedAt) / this.#tickMs);
    this.#timer = this.#clock.setTimeout(this.#turn, this.#tickMs);
  }

  readonly #turn = (): void => {
    const tick = Math.floor((this.#clock.now() - this.#startedAt) / this.#tickMs);
    // After a long pause (a blocked loop) each slot needs to be visited only once.
    const first = Math.max(this.#currentTick + 1, tick - this.#mask);
    this.#currentTick = tick;
    for (let at = first; at <= tick && this.#size > 0; at++) this.#fireSlot(this.#slots[at & this.#mask] as SlotHead, tick);
    this.#timer = this.#size > 0 ? this.#clock.setTimeout(this.#turn, this.#tickMs) : undefined;
  };

  #fireSlot(head: SlotHead, tick: number): void {
    let node = head.wheelNext as WheelNode;
    while (node !== head) {
      const next = node.wheelNext as WheelNode;
      if (node.wheelTick <= tick) {
        this.cancel(node);
        node.onDeadline();
        // The callback may have unlinked `next`; then start over, since what fired is gone from the slot.
        node = next.wheelTick === -1 && next !== head ? (head.wheelNext as WheelNode) : next;
      } else {
        node = next;
      }
    }
  }
}
