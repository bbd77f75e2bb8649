const UNIT_MS: Record<string, number> = { h: 3_600_000, m: 60_000, s: 1_000, ms: 1, us: 0.001, µs: 0.001, ns: 0.000_001 };
const SHAPE = /^(?:\d+(?:\.\d*)?|\.\d+)(?:h|ms|us|µs|ns|m|s)(?:(?:\d+(?:\.\d*)?|\.\d+)(?:h|ms|us|µs|ns|m|s))*$/;
const PART = /(\d+(?:\.\d*)?|\.\d+)(h|ms|us|µs|ns|m|s)/g;

/**
 * Milliseconds of a duration as Istio's YAML writes it (Go's form): `1.5s`, `250ms`, `1h2m3s`. `0` alone is allowed.
 *
 * @returns undefined when the text is no duration.
 */
export function parseDurationMs(text: string): number | undefined {
  if (text === '0') return 0;
  if (!SHAPE.test(text)) return undefined;
  let totalMs = 0;
  for (const [, amount, unit] of text.matchAll(PART)) totalMs += Number(amount) * (UNIT_MS[unit as string] as number);
  return totalMs;
}

/** The shortest usual spelling: `90000` → `1m30s`, `1500` → `1.5s`, `250` → `250ms`. */
export function formatDuration(ms: number): string {
  if (ms < 1_000) return `${ms}ms`;
  if (ms < 60_000) return `${ms / 1_000}s`;
  const hours = Math.floor(ms / 3_600_000);
  const minutes = Math.floor((ms % 3_600_000) / 60_000);
  const seconds = (ms % 60_000) / 1_000;
  return `${hours ? `${hours}h` : ''}${minutes ? `${minutes}m` : ''}${seconds ? `${seconds}s` : ''}`;
}
