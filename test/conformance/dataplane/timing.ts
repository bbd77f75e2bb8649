import type { Case } from './corpus.ts';

/** Whether a case waits, or looks at how long something took: such cases must not run beside others that keep the machine busy. */
export function dependsOnTime({ setup = {}, requests, observed }: Case): boolean {
  const setups = [setup, ...requests.flatMap((step) => ('setBackends' in step ? [step.setBackends] : []))];
  const isSlow = setups.some((each) => Object.values(each).some(({ delayMs }) => delayMs !== undefined));
  const waits = requests.some((step) => 'waitMs' in step || ('gapMs' in step && step.gapMs !== undefined));
  const timed = (observed ?? []).some(
    (each) => each && ('durationMs' in each || 'durationsMs' in each || 'attemptGapsMs' in each),
  );
  return isSlow || waits || timed;
}
