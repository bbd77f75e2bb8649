import { formatDuration } from '@lateen/core';
import { RETRY_ON, type RetryPolicy } from '@lateen/resilience';
import type { BreakerSettings, RetryBudgetSettings } from './cluster-spec.ts';
import { DEFAULTS, type Defaults } from './defaults.ts';

/** What each absent block means, in words. */
const ROWS: readonly (readonly [block: string, describe: (defaults: Defaults) => string])[] = [
  ['`loadBalancer`', (defaults) => defaults.loadBalancer],
  ['`outlierDetection`', (defaults) => breakerText(defaults.breaker)],
  ['`connectionPool`', ({ connectionPool }) => `no limits, connect within ${formatDuration(connectionPool.connectTimeoutMs)}`],
  ['`retries`', (defaults) => retryText(defaults.retry)],
  ['`retries.backoff`', ({ backoff }) => `${formatDuration(backoff.baseMs)}, doubled up to ${formatDuration(backoff.maxMs)}`],
  ['`retryBudget`', (defaults) => budgetText(defaults.retryBudget)],
  ['`timeout`', ({ timeoutMs }) => (timeoutMs === 0 ? 'none' : formatDuration(timeoutMs))],
  ['deadline from the caller', ({ honoursDeadline }) => (honoursDeadline ? 'bounds the work below' : 'ignored')],
  ['headers added to requests', ({ requestHeaders }) => requestHeaders.map((name) => `\`${name}\``).join(', ')],
];

/** {@link DEFAULTS} as a Markdown table, for `docs/istio-differences.md`. */
export function renderDefaults(): string {
  const rows = ROWS.map(([block, describe]) => `| ${block} | ${describe(DEFAULTS.istio)} | ${describe(DEFAULTS.lateen)} |`);
  return ['| where nobody wrote … | `istio` | `lateen` |', '|---|---|---|', ...rows].join('\n');
}

function breakerText(breaker: BreakerSettings | undefined): string {
  if (!breaker) return 'none';
  const { consecutiveFailures, openMs, maxOpenRatio } = breaker;
  const share = `never more than ${maxOpenRatio * 100} % of the endpoints`;
  return `breaker: ${consecutiveFailures} failures in a row, ${formatDuration(openMs)}, one trial; ${share}`;
}

function retryText({ maxRetries, conditions }: RetryPolicy): string {
  const names = Object.entries(RETRY_ON).filter(([, bit]) => (conditions & bit) !== 0);
  return `${maxRetries} more tries on ${names.map(([name]) => name).join(', ')}`;
}

function budgetText(budget: RetryBudgetSettings): string {
  if (budget.kind === 'none') return 'none';
  if (budget.kind === 'token-bucket') return `${budget.percent} % of all requests + ${budget.minPerSec}/s`;
  return `${budget.percent} % of the requests in flight, at least ${budget.minConcurrency}`;
}
