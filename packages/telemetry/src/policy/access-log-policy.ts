import { type PolicyEnvironment, requestExpression } from './expressions.ts';
import { isForOwn, type ProviderNames } from './providers.ts';
import type { RequestFacts } from './request-facts.ts';
import { type AccessLoggingBlock, isAbout, type TelemetryResource, type TelemetrySide } from './telemetry-resource.ts';

/** What becomes of one side's access log. */
export interface SideLogging {
  /** Undefined: as the process was started. */
  readonly enabled: boolean | undefined;
  /** Which requests are written down; undefined = all. */
  readonly keeps: ((facts: RequestFacts) => boolean) | undefined;
}

export type LoggingPolicy = Readonly<Record<TelemetrySide, SideLogging>>;

const DEFAULT_SIDE: SideLogging = { enabled: undefined, keeps: undefined };

export const DEFAULT_LOGGING: LoggingPolicy = { client: DEFAULT_SIDE, server: DEFAULT_SIDE };

/**
 * The nearest Telemetry that speaks of access logs decides for each side. A block that names our provider switches the log on; one without
 * providers says how that is written which is on.
 */
export function compileLogging(
  telemetries: readonly TelemetryResource[],
  providers: ProviderNames,
  environment: PolicyEnvironment,
): LoggingPolicy {
  const levels = telemetries.flatMap(({ spec }) => (spec.accessLogging?.length ? [spec.accessLogging] : []));
  if (levels.length === 0) return DEFAULT_LOGGING;
  return {
    client: sideOf('client', levels, providers, environment),
    server: sideOf('server', levels, providers, environment),
  };
}

function sideOf(
  side: TelemetrySide,
  levels: readonly (readonly AccessLoggingBlock[])[],
  providers: ProviderNames,
  environment: PolicyEnvironment,
): SideLogging {
  let enabled: boolean | undefined;
  let keeps: SideLogging['keeps'];
  for (const block of levels.flat()) {
    if (!isAbout(side, block.match)) continue;
    const isOwn = isForOwn(block.providers, providers.accessLogging);
    if (isOwn === false) continue;
    if (block.disabled) enabled = false;
    else if (isOwn || enabled === false) enabled = true;
    if (!block.disabled) keeps = filterOf(block, environment);
  }
  return { enabled, keeps };
}

function filterOf({ filter }: AccessLoggingBlock, environment: PolicyEnvironment): SideLogging['keeps'] {
  if (!filter?.expression) return undefined;
  const expression = requestExpression(filter.expression, environment);
  return expression && ((facts) => expression.program(facts) === true);
}
