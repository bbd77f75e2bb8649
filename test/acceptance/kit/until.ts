import { pause } from './load.ts';

/** Asks again until the answer is neither undefined nor false. @throws after `withinMs`, with what was waited for. */
export async function until<T>(
  what: string,
  withinMs: number,
  ask: () => Promise<T | undefined | false>,
  everyMs = 100,
): Promise<T> {
  const started = performance.now();
  let lastError: unknown;
  while (performance.now() - started < withinMs) {
    try {
      const answer = await ask();
      if (answer !== undefined && answer !== false) return answer;
      lastError = undefined;
    } catch (error) {
      lastError = error;
    }
    await pause(everyMs);
  }
  throw new Error(`waited ${withinMs / 1_000} s in vain for ${what}`, { cause: lastError });
}
