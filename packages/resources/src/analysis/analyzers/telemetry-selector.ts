import type { Finding } from '../../finding.ts';
import type { AnalysisContext, DraftResource } from '../analysis-context.ts';
import type { Analyzer } from '../analyzer.ts';
import { listText } from '../full-name.ts';
import { resourceFinding, valueFinding } from '../value-finding.ts';
import { firstKey, type Labels, selectorText } from '../world/labels.ts';
import { isFor, type Selecting, severalInNamespace, sharedWorkloads } from '../world/shared-workloads.ts';

type TelemetryDraft = DraftResource<'Telemetry'>;

/** IST0101: a Telemetry selects nobody. IST0159: two select one workload. */
export const telemetrySelector: Analyzer = {
  name: 'telemetry.SelectorAnalyzer',
  description: 'Each workload has one Telemetry of its own',
  analyze(context) {
    const selecting = context
      .of('Telemetry')
      .map((resource) => ({ resource, selector: (resource.spec.selector?.matchLabels ?? {}) as Labels }))
      .filter(({ selector }) => Object.keys(selector).length > 0);
    return [...selectingNobody(context, selecting), ...sharing(context, selecting)];
  },
};

/** IST0160: two Telemetries of a namespace are for all of its workloads. */
export const telemetryDefault: Analyzer = {
  name: 'telemetry.DefaultSelectorAnalyzer',
  description: 'Each namespace has one Telemetry for all of its workloads',
  analyze({ of }) {
    const general = of('Telemetry').filter(({ spec }) => !spec.selector);
    return [...severalInNamespace(general)].flatMap(([namespace, rivals]) => {
      const message = `The Telemetries ${namesOf(rivals)} in namespace "${namespace}" have no workload selector, which can lead to undefined behavior.`;
      return rivals.map((telemetry) => resourceFinding('IST0160', telemetry, message));
    });
  },
};

function selectingNobody({ workloads, knowsAll }: AnalysisContext, selecting: readonly Selecting<TelemetryDraft>[]): Finding[] {
  if (!knowsAll.workloads) return [];
  return selecting
    .filter((one) => !workloads.some((workload) => isFor(one, workload)))
    .map(({ resource, selector }) => {
      const pointer = `/spec/selector/matchLabels/${firstKey(selector)}`;
      return valueFinding('IST0101', resource, pointer, `Referenced selector not found: "${selectorText(selector)}"`);
    });
}

function sharing({ workloads }: AnalysisContext, selecting: readonly Selecting<TelemetryDraft>[]): Finding[] {
  return sharedWorkloads(selecting, workloads).flatMap(({ workload, resources }) => {
    const message =
      `The Telemetries ${namesOf(resources)} in namespace "${workload.namespace}" select the same workload pod "${workload.name}", ` +
      'which can lead to undefined behavior.';
    return resources.map((telemetry) => valueFinding('IST0159', telemetry, '/metadata/name', message));
  });
}

const namesOf = (telemetries: readonly TelemetryDraft[]): string =>
  listText(telemetries.map(({ metadata }) => metadata.name).sort());
