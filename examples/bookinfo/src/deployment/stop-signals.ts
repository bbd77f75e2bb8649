export interface StopSignals {
  /** Aborted by the first Ctrl-C, or the polite signal of whoever started this. */
  readonly stop: AbortSignal;
  /** Aborted by one that comes a second later or more: somebody has lost patience. (One Ctrl-C can arrive twice, through npm.) */
  readonly kill: AbortSignal;
}

const IMPATIENT_AFTER_MS = 1_000;

export function stopSignals(): StopSignals {
  const stop = new AbortController();
  const kill = new AbortController();
  let firstAt = Number.POSITIVE_INFINITY;
  const onSignal = (): void => {
    if (performance.now() - firstAt > IMPATIENT_AFTER_MS) kill.abort();
    firstAt = Math.min(firstAt, performance.now());
    stop.abort();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
  return { stop: stop.signal, kill: kill.signal };
}
