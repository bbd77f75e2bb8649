import type { AccessLogEntry } from 'lateen';
import type { Answer } from '../callers/caller.ts';
import type { Observed } from '../corpus.ts';
import type { Outcome } from '../run-requests.ts';
import { compareCalls, compareReceived, type RecordedCall } from './compare-calls.ts';
import { compareHeaders } from './headers.ts';
import { echoOf } from './echo.ts';
import { describeExpectation, type Expectation, holds, sameText } from './expectation.ts';
import { sendsWhereDialled } from './unintercepted.ts';

/** What Istio was seen to do with one request. */
interface ObservedSingle {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string | null>>;
  readonly body?: string;
  readonly upstream?: RecordedCall;
  readonly calls?: Parameters<typeof compareCalls>[0];
  readonly informational?: readonly unknown[];
  readonly broken?: string;
  readonly error?: string;
  readonly durationMs?: Expectation;
  readonly attemptGapsMs?: readonly Expectation[];
  readonly flags?: string;
  readonly cluster?: string;
  readonly attempts?: number;
  readonly lastInstance?: string;
}

export function compareSingle(observed: Observed, outcome: Outcome, resources: readonly object[]): string[] {
  const expected = observed as ObservedSingle;
  const [answer] = outcome.answers as [Answer];
  const [entry] = outcome.log;
  if (sendsWhereDialled(expected.cluster, resources)) return compareValue('cluster', expected.cluster, entry?.cluster || '-');
  return [
    ...compareAnswer(expected, answer),
    ...compareUpstream(expected, outcome, answer),
    ...compareTimes(expected, outcome, answer),
    ...compareLog(expected, entry, outcome),
  ];
}

function compareAnswer(expected: ObservedSingle, answer: Answer): string[] {
  if (expected.error !== undefined) return answer.error === undefined ? [`status ${answer.status}, Istio no answer`] : [];
  const differences = compareValue('status', expected.status, answer.status);
  if (answer.error !== undefined) differences.push(`no answer: ${answer.error}`);
  if (expected.body !== undefined && !sameText(expected.body, answer.body)) {
    differences.push(`body ${JSON.stringify(answer.body.slice(0, 200))}, Istio ${JSON.stringify(expected.body)}`);
  }
  if ((expected.broken !== undefined) !== answer.broken)
    differences.push(answer.broken ? 'the body was cut' : 'the body is whole, Istio cut it');
  if (expected.informational) {
    differences.push(...compareValue('informational', statuses(expected.informational), answer.informational.join()));
  }
  return [...differences, ...compareHeaders('header', expected.headers ?? {}, answer.headers)];
}

function statuses(informational: readonly unknown[]): string {
  return informational.map((each) => (typeof each === 'object' && each !== null && 'status' in each ? each.status : each)).join();
}

function compareUpstream({ upstream, calls, error }: ObservedSingle, outcome: Outcome, answer: Answer): string[] {
  const differences: string[] = [];
  if (upstream) {
    const echo = echoOf(answer) ?? outcome.calls.findLast(({ instance }) => sameText(upstream.instance, instance));
    differences.push(...(echo ? compareReceived('upstream', upstream, echo) : [`no echo, Istio one of ${upstream.instance}`]));
  }
  if (calls) differences.push(...compareCalls(calls, outcome.calls));
  else if (error === undefined && outcome.calls.length !== (upstream ? 1 : 0)) {
    differences.push(
      `${outcome.calls.length} calls (${outcome.calls.map(({ instance }) => instance).join(', ')}), Istio ${upstream ? 1 : 0}`,
    );
  }
  return differences;
}

function compareTimes({ durationMs, attemptGapsMs }: ObservedSingle, outcome: Outcome, answer: Answer): string[] {
  const differences: string[] = [];
  if (durationMs !== undefined && !holds(durationMs, answer.durationMs)) {
    differences.push(`took ${Math.round(answer.durationMs)} ms, Istio ${describeExpectation(durationMs)}`);
  }
  for (const [i, gap] of (attemptGapsMs ?? []).entries()) {
    const [before, after] = [outcome.calls[i], outcome.calls[i + 1]];
    const actual = before && after ? after.at - before.at : Number.NaN;
    if (!holds(gap, actual)) differences.push(`pause ${i + 1} took ${Math.round(actual)} ms, Istio ${describeExpectation(gap)}`);
  }
  return differences;
}

function compareLog(expected: ObservedSingle, entry: AccessLogEntry | undefined, outcome: Outcome): string[] {
  if (expected.flags === undefined) return [];
  if (!entry) return ['no access log entry'];
  const { flags, cluster, attempts, lastInstance } = expected;
  return [
    ...compareValue('flags', flags, entry.flags),
    ...compareValue('cluster', cluster, entry.cluster || '-'),
    ...compareValue('attempts', attempts, entry.attempts),
    ...compareValue('last instance', lastInstance, outcome.nameOf(entry.upstreamHost)),
  ];
}

function compareValue<T>(what: string, expected: T | undefined, actual: T | undefined): string[] {
  return expected === undefined || expected === actual ? [] : [`${what} ${String(actual)}, Istio ${String(expected)}`];
}
