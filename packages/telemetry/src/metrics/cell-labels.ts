import type { RequestMetric, SideMetrics } from '../policy/metrics-policy.ts';
import { REQUEST_METRICS } from '../policy/metrics-policy.ts';
import { tagText } from '../policy/expressions.ts';
import type { RequestFacts } from '../policy/request-facts.ts';
import type { SeriesKey } from '../labels.ts';

export type Labels = Readonly<Record<string, string>>;

/** Labels by metric, where a policy has given metrics labels of their own. */
export type LabelsByMetric = Readonly<Record<RequestMetric, Labels>>;

/** Istio's labels as a policy changes them: set, added, taken away. */
export function changedLabels(labels: Labels, { metrics }: SideMetrics, facts: RequestFacts): LabelsByMetric {
  return Object.fromEntries(
    REQUEST_METRICS.map((metric) => {
      const changed: Record<string, string> = { ...labels };
      for (const { tag, value } of metrics[metric].tags) {
        if (value) changed[tag] = tagText(value, facts);
        else delete changed[tag];
      }
      return [metric, changed];
    }),
  ) as unknown as LabelsByMetric;
}

/** What is known of all requests of a series with one status: enough for tags that ask nothing else. */
export function seriesFacts(key: SeriesKey, status: number, flags: string): RequestFacts {
  return {
    entry: {
      direction: key.reporter === 'source' ? 'outbound' : 'inbound',
      startTime: 0,
      method: '',
      path: '',
      protocol: '',
      status,
      flags,
      requestBytes: 0,
      responseBytes: 0,
      durationMs: 0,
      authority: '',
      requestId: '',
      userAgent: '',
      upstreamHost: '',
      cluster: '',
      routeName: '',
      attempts: 0,
      principal: '',
      traceId: '',
      policy: '',
    },
    requestHeaders: [],
    responseHeaders: [],
    scheme: '',
    source: key.source,
    destination: key.destination,
    destinationService: key.destinationService,
    isMutualTls: key.securityPolicy === 'mutual_tls',
  };
}
