import type { Clock, Timer } from './clock.ts';

/** A clock that stands still until told otherwise. */
export interface FakeClock extends Clock {
  /** Moves time on by `ms`, firing timers in order, each at its own time. */
  advance(ms: number): void;
  /** The same, letting promises settle between timers. */
  advanceAsync(ms: number): Promise<void>;
  /** Moves wall time only, as an operator or NTP would. */
  shiftWall(ms: number): void;
  /** How many timers wait. */
  readonly pending: number;
}

interface Waiting {
  readonly at: number;
  readonly order: number;
  readonly callback: () => void;
}

/** @param startWall epoch ms that `wallNow()` starts from; default 2026-01-01. */
export function fakeClock(startWall: number = Date.UTC(2026, 0, 1)): FakeClock {
  let now = 1_000;
  let wallOffset = startWall - now;
  let order = 0;
  const waiting = new Set<Waiting>();
  const nextDue = (until: number): Waiting | undefined => {
    let due: Waiting | undefined;
    for (const timer of waiting) {
      if (timer.at <= until && (!due || timer.at < due.at || (timer.at === due.at && timer.order < due.order))) due = timer;
    }
    return due;
  };
  const fire = (timer: Waiting): void => {
    waiting.delete(timer);
    now = Math.max(now, timer.at);
    timer.callback();
  };
  return {
    now: () => now,
    wallNow: () => now + wallOffset,
    setTimeout(callback, delayMs): Timer {
      const timer = { at: now + Math.max(delayMs, 0), order: order++, callback };
      waiting.add(timer);
      return { cancel: () => waiting.delete(timer) };
    },
    advance(ms) {
      const until = now + ms;
      for (let due = nextDue(until); due; due = nextDue(until)) fire(due);
      now = until;
    },
    async advanceAsync(ms) {
      const until = now + ms;
      await settle();
      for (let due = nextDue(until); due; due = nextDue(until)) {
        fire(due);
        await settle();
      }
      now = until;
    },
    shiftWall(ms) {
      wallOffset += ms;
    },
    get pending() {
      return waiting.size;
    },
  };
}

/** Lets everything that is ready run: microtasks, then one turn of the loop. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
