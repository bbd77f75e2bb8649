import type { Answer } from '../callers/caller.ts';
import type { Observed } from '../corpus.ts';
import type { Outcome } from '../run-requests.ts';
import { compareCalls } from './compare-calls.ts';
import { headerText } from './headers.ts';
import { echoOf } from './echo.ts';
import { compareCounts, countBy, describeExpectation, type Expectation, holds } from './expectation.ts';
import { sendsWhereDialled } from './unintercepted.ts';

type Counts = Readonly<Record<string, Expectation>>;

/** What Istio was seen to do with many requests. */
interface ObservedRepeated {
  readonly total: number;
  readonly status?: Counts;
  readonly flags?: Counts;
  readonly cluster?: Counts;
  readonly attempts?: Counts;
  readonly instance?: Counts;
  readonly bodies?: Counts;
  readonly headers?: Readonly<Record<string, Counts>>;
  readonly calls?: Parameters<typeof compareCalls>[0];
  readonly callsTotal?: Expectation;
  readonly sequence?: readonly string[];
  readonly distinctInstances?: Expectation;
  readonly durationsMs?: Readonly<Record<'min' | 'max' | 'wholeStep', Expectation>>;
  readonly callPausesMs?: readonly Expectation[];
}

export function compareRepeated(observed: Observed, outcome: Outcome, resources: readonly object[]): string[] {
  const expected = observed as unknown as ObservedRepeated;
  const { answers, log, calls } = outcome;
  const clusters = compareMaybe(
    'cluster',
    expected.cluster,
    countBy(log, ({ cluster }) => cluster || '-'),
  );
  if (Object.keys(expected.cluster ?? {}).some((cluster) => sendsWhereDialled(cluster, resources))) return clusters;
  const differences = [
    ...compareNumber('requests', expected.total, answers.length),
    ...compareMaybe(
      'status',
      expected.status,
      countBy(answers, ({ status }) => String(status)),
    ),
    ...compareMaybe(
      'flags',
      expected.flags,
      countBy(log, ({ flags }) => flags),
    ),
    ...clusters,
    ...compareMaybe(
      'attempts',
      expected.attempts,
      countBy(log, ({ attempts }) => String(attempts)),
    ),
    ...compareMaybe(
      'instance',
      expected.instance,
      countBy(answers, (answer) => echoOf(answer)?.instance),
    ),
    ...compareMaybe('body', expected.bodies, countBy(answers, localBody)),
    ...compareHeaderCounts(expected.headers ?? {}, answers),
    ...(expected.calls ? compareCalls(expected.calls, calls) : []),
    ...compareNumber('calls in all', expected.callsTotal, calls.length),
    ...compareNumber('distinct instances', expected.distinctInstances, new Set(calls.map(({ instance }) => instance)).size),
    ...compareSequence(expected.sequence, outcome),
    ...compareDurations(expected, outcome),
  ];
  for (const [i, pause] of (expected.callPausesMs ?? []).entries()) {
    const [before, after] = [calls[i], calls[i + 1]];
    differences.push(...compareNumber(`pause ${i + 1} (ms)`, pause, before && after ? after.at - before.at : Number.NaN));
  }
  return differences;
}

function compareMaybe(what: string, expected: Counts | undefined, actual: ReadonlyMap<string, number>): string[] {
  return expected === undefined ? [] : compareCounts(what, expected, actual);
}

function compareNumber(what: string, expected: Expectation | undefined, actual: number): string[] {
  if (expected === undefined || holds(expected, actual)) return [];
  return [`${what}: ${Math.round(actual)}, Istio ${describeExpectation(expected)}`];
}

/** The body of an answer that no instance gave. */
function localBody(answer: Answer): string | undefined {
  return answer.status === 0 || echoOf(answer) ? undefined : answer.body;
}

function compareHeaderCounts(expected: Readonly<Record<string, Counts>>, answers: readonly Answer[]): string[] {
  return Object.entries(expected).flatMap(([name, counts]) =>
    compareCounts(
      `header ${name}`,
      counts,
      countBy(answers, ({ headers }) => headerText(headers, name) ?? 'null'),
    ),
  );
}

/** `status [flags] instance`, each request in order; the instance is the one that answered, or the one that was tried last. */
function compareSequence(expected: readonly string[] | undefined, { answers, log, nameOf }: Outcome): string[] {
  if (!expected) return [];
  const actual = answers.map((answer, i) => {
    const entry = log[i];
    const instance = echoOf(answer)?.instance ?? nameOf(entry?.upstreamHost ?? '');
    return [String(answer.status), entry && entry.flags !== '-' ? entry.flags : undefined, instance].filter(Boolean).join(' ');
  });
  return expected.flatMap((wanted, i) => (wanted === actual[i] ? [] : [`request ${i + 1}: ${actual[i]}, Istio ${wanted}`]));
}

function compareDurations({ durationsMs }: ObservedRepeated, { answers, durationMs }: Outcome): string[] {
  if (!durationsMs) return [];
  const each = answers.map((answer) => answer.durationMs);
  return [
    ...compareNumber('shortest (ms)', durationsMs.min, Math.min(...each)),
    ...compareNumber('longest (ms)', durationsMs.max, Math.max(...each)),
    ...compareNumber('whole step (ms)', durationsMs.wholeStep, durationMs),
  ];
}
