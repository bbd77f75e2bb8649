import type { Finding } from '../../finding.ts';
import type { AnalysisContext, DraftResource } from '../analysis-context.ts';
import type { Analyzer } from '../analyzer.ts';
import { listText } from '../full-name.ts';
import { groupBy } from '../group-by.ts';
import { resourceFinding, valueFinding } from '../value-finding.ts';
import { firstKey, type Labels, selectorText } from '../world/labels.ts';
import { isFor, type Selecting, severalInNamespace, sharedWorkloads } from '../world/shared-workloads.ts';

type SidecarDraft = DraftResource<'Sidecar'>;

/**
 * IST0101: a Sidecar selects nobody. IST0110: two select one workload, or (which istioctl needs a pod to see) have the same selector. IST0111: two of a
 * namespace are for all of its workloads.
 */
export const sidecarSelector: Analyzer = {
  name: 'sidecar.SelectorAnalyzer',
  description: 'Each workload has one Sidecar',
  analyze(context) {
    const selecting = context.of('Sidecar').map((resource) => ({ resource, selector: labelsOf(resource) }));
    const selective = selecting.filter(({ selector }) => Object.keys(selector).length > 0);
    const general = selecting.filter((one) => !selective.includes(one)).map(({ resource }) => resource);
    return [
      ...selectingNobody(context, selective),
      ...sharing(context, selective),
      ...sameSelector(selective),
      ...several(general),
    ];
  },
};

const labelsOf = ({ spec }: SidecarDraft): Labels => (spec.workloadSelector?.labels ?? {}) as Labels;

function selectingNobody({ workloads, knowsAll }: AnalysisContext, selecting: readonly Selecting<SidecarDraft>[]): Finding[] {
  if (!knowsAll.workloads) return [];
  return selecting
    .filter((one) => !workloads.some((workload) => isFor(one, workload)))
    .map(({ resource, selector }) => {
      const pointer = `/spec/workloadSelector/labels/${firstKey(selector)}`;
      return valueFinding('IST0101', resource, pointer, `Referenced selector not found: "${selectorText(selector)}"`);
    });
}

function sharing({ workloads }: AnalysisContext, selecting: readonly Selecting<SidecarDraft>[]): Finding[] {
  return sharedWorkloads(selecting, workloads).flatMap(({ workload, resources }) =>
    conflicts(resources, `pod "${workload.name}"`),
  );
}

/** Found among workloads already where there are any. */
function sameSelector(selecting: readonly Selecting<SidecarDraft>[]): Finding[] {
  const alike = groupBy(selecting, ({ resource, selector }) => `${resource.metadata.namespace} ${selectorText(selector)}`);
  return [...alike.values()]
    .filter((several) => several.length > 1)
    .flatMap((several) =>
      conflicts(
        several.map(({ resource }) => resource),
        `pods "${selectorText(several[0]?.selector ?? {})}"`,
      ),
    );
}

function conflicts(sidecars: readonly SidecarDraft[], what: string): Finding[] {
  const message = (namespace: string): string =>
    `The Sidecars ${namesOf(sidecars)} in namespace "${namespace}" select the same workload ${what}, which can lead to undefined behavior.`;
  return sidecars.map((sidecar) => valueFinding('IST0110', sidecar, '/metadata/name', message(sidecar.metadata.namespace)));
}

function several(sidecars: readonly SidecarDraft[]): Finding[] {
  return [...severalInNamespace(sidecars)].flatMap(([namespace, rivals]) => {
    const message = `The Sidecars ${namesOf(rivals)} in namespace "${namespace}" have no workload selector, which can lead to undefined behavior.`;
    return rivals.map((sidecar) => resourceFinding('IST0111', sidecar, message));
  });
}

const namesOf = (sidecars: readonly SidecarDraft[]): string => listText(sidecars.map(({ metadata }) => metadata.name).sort());
