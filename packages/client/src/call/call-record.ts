import type { RequestSeries } from '@lateen/telemetry';
import { callEntry, callFacts } from './call-entry.ts';
import type { CallFacts } from './call-facts.ts';

/** Writes down what came of a call: one metric series, and log line and span where somebody wants them. */
export function recordCall(call: CallFacts, status: number, nowMs: number): void {
  const flags = call.flagText();
  const series = seriesOf(call);
  if (series.variant === undefined) {
    series.record(status, flags, nowMs - call.startedAt, call.requestBytes, call.responseBytes);
    if (call.runtime.accessLog.enabled) tell(call, series, status, flags, nowMs);
  } else tell(call, series, status, flags, nowMs);
  call.span?.end(status, flags);
}

function seriesOf(call: CallFacts): RequestSeries {
  if (call.attempt) return call.attempt.endpoint.series;
  return call.cluster ? call.cluster.series : call.runtime.series.ofHost(call.matchedHost);
}

/** Log line, and the metric where its labels ask the request itself. */
function tell(call: CallFacts, series: RequestSeries, status: number, flags: string, nowMs: number): void {
  const { accessLog } = call.runtime;
  const entry = callEntry(call, status, flags, nowMs);
  const facts = () => callFacts(call, series, entry);
  if (series.variant) series.recordFacts(facts());
  if (accessLog.enabled) accessLog.write(entry, facts);
}
