import type { Received } from '../backends/received.ts';
import { compareHeaders } from './headers.ts';
import { compareCounts, countBy, type Expectation, sameText } from './expectation.ts';

const ANY_INSTANCE = '<any instance>';

/** A recorded call; only the fields that were recorded are compared. */
export interface RecordedCall {
  readonly instance: string;
  readonly version?: string;
  readonly port?: string;
  readonly method?: string;
  readonly path?: string;
  readonly host?: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string | null>>;
}

/** Who received how many requests, or which: the order counts for one instance, not among several. */
export function compareCalls(
  expected: readonly RecordedCall[] | Readonly<Record<string, Expectation>>,
  calls: readonly Received[],
): string[] {
  if (!Array.isArray(expected)) return compareCallCounts(expected as Readonly<Record<string, Expectation>>, calls);
  const recorded = expected as readonly RecordedCall[];
  const counts = Object.fromEntries(countBy(recorded, ({ instance }) => instance));
  const differences = compareCounts(
    'calls',
    counts,
    countBy(calls, ({ instance }) => instance),
  );
  if (differences.length > 0) return differences;
  const seen = new Map<string, number>();
  return recorded.flatMap((call) => {
    const number = seen.get(call.instance) ?? 0;
    seen.set(call.instance, number + 1);
    const received = calls.filter(({ instance }) => instance === call.instance)[number] as Received;
    return compareReceived(`call ${number + 1} of ${call.instance},`, call, received);
  });
}

/** Where it does not matter who was called, all of them count together. */
function compareCallCounts(expected: Readonly<Record<string, Expectation>>, calls: readonly Received[]): string[] {
  const isAnybody = ANY_INSTANCE in expected;
  return compareCounts(
    'calls',
    expected,
    countBy(calls, ({ instance }) => (isAnybody ? ANY_INSTANCE : instance)),
  );
}

export function compareReceived(what: string, expected: RecordedCall, actual: Received): string[] {
  const { headers, ...fields } = expected;
  const differences = Object.entries(fields).flatMap(([name, wanted]) => {
    const value = actual[name as keyof typeof fields] ?? '';
    return sameText(String(wanted), value) ? [] : [`${what} ${name} ${JSON.stringify(value)}, Istio ${JSON.stringify(wanted)}`];
  });
  return [...differences, ...compareHeaders(`${what} header`, headers ?? {}, actual.headers, ',')];
}
