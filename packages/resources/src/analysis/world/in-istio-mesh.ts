import type { AnalysisContext, DraftResource } from '../analysis-context.ts';

/** Whether Istio's proxy is beside a Deployment's pods: the container is there, or labels of the pod or its namespace ask for it. */
export function isInIstioMesh({ of }: AnalysisContext, { spec, metadata }: DraftResource<'Deployment'>): boolean {
  const template = spec.template ?? {};
  if ((template.spec?.containers ?? []).some(({ name, image }) => name === 'istio-proxy' && image)) return true;
  const asked = template.metadata?.labels?.[INJECT] ?? template.metadata?.annotations?.[INJECT];
  if (asked !== undefined) return asked === 'true';
  const namespace = of('Namespace').find((candidate) => candidate.metadata.name === metadata.namespace);
  return namespace?.metadata.labels['istio-injection'] === 'enabled';
}

const INJECT = 'sidecar.istio.io/inject';
