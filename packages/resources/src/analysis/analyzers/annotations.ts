import type { Finding } from '../../finding.ts';
import type { Resource } from '../../resource.ts';
import { type AnnotationDefinition, ISTIO_ANNOTATIONS, SET_BY_ISTIO } from '../annotations/istio-annotations.ts';
import { annotationProblem } from '../annotations/annotation-values.ts';
import type { Analyzer } from '../analyzer.ts';
import { resourceFinding } from '../value-finding.ts';

/** IST0107: an annotation where it does nothing. IST0108: one that nobody knows. IST0125: one with a senseless value. IST0135: one that is going away. */
export const annotations: Analyzer = {
  name: 'annotations.K8sAnalyzer',
  description: "Istio's annotations are known, in their place and well-formed",
  analyze: ({ of }) =>
    KINDS.flatMap((kind) =>
      of(kind).flatMap((resource) => Object.keys(resource.metadata.annotations).flatMap((name) => problems(resource, name))),
    ),
};

const KINDS = ['Namespace', 'Service', 'Pod', 'Deployment'] as const;
const INJECT = 'sidecar.istio.io/inject';

function problems(resource: Resource, name: string): Finding[] {
  if (!isIstios(name) || SET_BY_ISTIO.has(name)) return [];
  const definition = ISTIO_ANNOTATIONS.get(name);
  if (!definition) return [resourceFinding('IST0108', resource, `Unknown annotation: ${name}`)];
  return [...deprecation(resource, name, definition), ...misuse(resource, name, definition)];
}

const isIstios = (name: string): boolean =>
  name === 'kubernetes.io/ingress.class' || (name.split('/')[0] ?? '').endsWith('istio.io');

/** Whoever has the label that replaces it keeps the annotation for older versions. */
function deprecation(resource: Resource, name: string, { isDeprecated }: AnnotationDefinition): Finding[] {
  if (!isDeprecated || (name === INJECT && resource.metadata.labels[INJECT] !== undefined)) return [];
  const instead = name === INJECT ? ` in favor of the "${INJECT}" label` : '';
  const message = `Annotation "${name}" has been deprecated${instead} and may not work in future Istio versions.`;
  return [resourceFinding('IST0135', resource, message)];
}

function misuse(resource: Resource, name: string, { kinds }: AnnotationDefinition): Finding[] {
  if (kinds.includes('Any')) return [];
  if (!kinds.includes(resource.kind)) {
    return [resourceFinding('IST0107', resource, `Misplaced annotation: ${name} can only be applied to ${kinds.join(', ')}`)];
  }
  const problem = annotationProblem(name, resource.metadata.annotations[name] ?? '');
  return problem === undefined ? [] : [resourceFinding('IST0125', resource, `Invalid annotation ${name}: ${problem}`)];
}
