import type { Draft } from '../../analysis/draft.ts';
import type { TelemetrySpec } from '../../kinds/index.ts';
import { escapePointer } from '../../yaml/positions.ts';
import { FIELD_WITHOUT_EFFECT, TAG_WITHOUT_VALUE } from '../checks.ts';
import type { About, Report } from '../report.ts';
import { each } from '../shared/each.ts';
import { policyTargetsRule } from '../shared/policy-targets.ts';
import { availableExpressionRule } from './available-expression.ts';
import { filterRule } from './filter.ts';

export type TelemetryDraft = Draft<TelemetrySpec>;

/** What Istio's validation says of a Telemetry beyond the schema, and what it had better said. */
export function telemetryRules(spec: TelemetryDraft, _about: About, report: Report): void {
  policyTargetsRule(spec, report);
  tracingRules(spec, report);
  metricRules(spec, report);
  for (const [{ filter }, at] of each(spec.accessLogging, '/accessLogging'))
    if (filter) filterRule(filter.expression ?? '', `${at}/filter`, report);
}

function tracingRules({ tracing }: TelemetryDraft, report: Report): void {
  if ((tracing?.length ?? 0) > 1) report.warning('/tracing', 'multiple tracing is not currently supported');
  for (const [{ providers, customTags }, at] of each(tracing, '/tracing')) {
    if ((providers?.length ?? 0) > 1) report.warning(`${at}/providers`, 'multiple providers is not currently supported');
    for (const [name, tag] of Object.entries(customTags ?? {})) {
      const here = `${at}/customTags/${escapePointer(name)}`;
      if (name === '') report.error(here, 'tag name may not be empty');
      if (Object.keys(tag ?? {}).length === 0)
        report.own(TAG_WITHOUT_VALUE, here, `tag ${name} has no value`, 'write literal, header, environment or formatter');
    }
  }
}

function metricRules({ metrics }: TelemetryDraft, report: Report): void {
  for (const [{ overrides }, at] of each(metrics, '/metrics'))
    for (const [{ match, disabled, tagOverrides = {} }, place] of each(overrides, `${at}/overrides`)) {
      if (isAboutNothing(match))
        report.own(
          FIELD_WITHOUT_EFFECT,
          `${place}/match`,
          `this process has no metric ${match?.customMetric ?? match?.metric}: it speaks HTTP and measures requests`,
          'take the override out, or name REQUEST_COUNT, REQUEST_DURATION, REQUEST_SIZE or RESPONSE_SIZE',
        );
      if (disabled && Object.keys(tagOverrides).length > 0)
        report.own(
          FIELD_WITHOUT_EFFECT,
          `${place}/tagOverrides`,
          'tags of a disabled metric do nothing',
          'take one of the two out',
        );
      for (const [name, override] of Object.entries(tagOverrides)) {
        const { operation = 'UPSERT', value } = override ?? {};
        const here = `${place}/tagOverrides/${escapePointer(name)}`;
        if (name === '') report.warning(here, 'tagOverrides.name may not be empty');
        if (operation === 'UPSERT' && !value)
          report.error(here, 'tagOverrides.value must be set when operation is UPSERT', 'write value, or operation: REMOVE');
        if (operation === 'REMOVE' && value !== undefined)
          report.error(here, 'tagOverrides.value may only be set when operation is UPSERT');
        if (operation === 'UPSERT' && value) availableExpressionRule(value, `${here}/value`, report);
      }
    }
}

const CUSTOM_METRICS = /^(?:istio_)?(?:requests_total|request_duration_milliseconds|request_bytes|response_bytes)$/;

/** Metrics of raw TCP, of single gRPC messages, and those of other extensions do not exist in a process. */
function isAboutNothing(
  match: { readonly metric?: string | undefined; readonly customMetric?: string | undefined } | undefined,
): boolean {
  if (match?.customMetric !== undefined) return !CUSTOM_METRICS.test(match.customMetric);
  return /^(?:TCP|GRPC)_/.test(match?.metric ?? '');
}
