/** When ratings falls ill, so that a mesh has something to cure. */
export interface Behaviour {
  /** How to treat the request that just came. */
  next(): { readonly unavailable: boolean; readonly delayMs: number };
  /** What `/health` says. */
  healthy(): boolean;
}

export interface BehaviourSources {
  /** In [0, 1). */
  readonly random?: () => number;
  /** Milliseconds of a clock that does not run backwards. */
  readonly now?: () => number;
}

const DELAY_MS = 7_000;
const UNAVAILABLE_FOR_MS = 60_000;
const UNHEALTHY_FOR_MS = 15 * 60_000;

/**
 * The behaviour that a version of ratings is known for: `v1` is always well, `v-faulty` fails half of the requests, `v-delayed` answers
 * half of them after 7 s, `v-unavailable` is gone every other minute, `v-unhealthy` every other quarter of an hour and says so on `/health`.
 *
 * @throws {Error} for `v2` and its kin, which keep ratings in a database that this example does not have.
 */
export function behaviourOf(
  version: string,
  { random = Math.random, now = () => performance.now() }: BehaviourSources = {},
): Behaviour {
  const started = now();
  const inOddPeriod = (periodMs: number): boolean => Math.floor((now() - started) / periodMs) % 2 === 1;
  const well: Behaviour = { next: () => ({ unavailable: false, delayMs: 0 }), healthy: () => true };
  switch (version) {
    case 'v1':
      return well;
    case 'v-faulty':
      return { ...well, next: () => ({ unavailable: random() < 0.5, delayMs: 0 }) };
    case 'v-delayed':
      return { ...well, next: () => ({ unavailable: false, delayMs: random() < 0.5 ? DELAY_MS : 0 }) };
    case 'v-unavailable':
      return { ...well, next: () => ({ unavailable: inOddPeriod(UNAVAILABLE_FOR_MS), delayMs: 0 }) };
    case 'v-unhealthy':
      return {
        next: () => ({ unavailable: inOddPeriod(UNHEALTHY_FOR_MS), delayMs: 0 }),
        healthy: () => !inOddPeriod(UNHEALTHY_FOR_MS),
      };
    default:
      throw new Error(
        `there is no ratings ${version} here; set SERVICE_VERSION to v1, v-faulty, v-delayed, v-unavailable or v-unhealthy`,
      );
  }
}
