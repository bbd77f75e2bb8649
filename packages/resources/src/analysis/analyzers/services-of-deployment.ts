import type { Finding } from '../../finding.ts';
import type { AnalysisContext, DraftResource } from '../analysis-context.ts';
import type { Analyzer } from '../analyzer.ts';
import { fullName, listText } from '../full-name.ts';
import { groupBy } from '../group-by.ts';
import { valueFinding } from '../value-finding.ts';
import { isInIstioMesh } from '../world/in-istio-mesh.ts';
import { type Labels, selects } from '../world/labels.ts';

type DeploymentDraft = DraftResource<'Deployment'>;

/** A port of a Service that leads to a Deployment. */
interface ServedPort {
  readonly service: string;
  readonly port: number;
  readonly protocol: string;
  readonly targetPort: string;
}

/** IST0116: Services lead to one port of a Deployment by different protocols. IST0137: they call one target port by different numbers. */
export const servicesOfDeployment: Analyzer = {
  name: 'deployment.MultiServiceAnalyzer',
  description: 'Services of one Deployment agree on its ports',
  analyze: (context) =>
    context
      .of('Deployment')
      .filter((deployment) => !isWaypoint(deployment) && isInIstioMesh(context, deployment))
      .flatMap((deployment) => {
        const ports = servedPorts(context, deployment);
        return [...conflictingProtocols(deployment, ports), ...conflictingNumbers(deployment, ports)];
      }),
};

const isWaypoint = ({ metadata }: DeploymentDraft): boolean =>
  metadata.labels['gateway.istio.io/managed'] === 'istio.io-mesh-controller';

function servedPorts({ of }: AnalysisContext, { spec, metadata }: DeploymentDraft): ServedPort[] {
  const labels = (spec.template?.metadata?.labels ?? {}) as Labels;
  return of('Service')
    .filter((service) => service.metadata.namespace === metadata.namespace)
    .filter(({ spec: { selector = {} } }) => Object.keys(selector).length > 0 && selects(selector, labels))
    .flatMap((service) =>
      (service.spec.ports ?? []).map(({ port = 0, protocol, targetPort }) => ({
        service: fullName(service),
        port,
        protocol: protocol || 'TCP',
        targetPort: String(targetPort || port),
      })),
    );
}

function conflictingProtocols(deployment: DeploymentDraft, ports: readonly ServedPort[]): Finding[] {
  const { name } = deployment.metadata;
  return [...groupBy(ports, ({ port }) => port)].flatMap(([port, alike]) => {
    if (new Set(alike.map(({ protocol }) => protocol)).size < 2) return [];
    const message = `This deployment ${name} is associated with multiple services using port ${port} but different protocols: ${servicesText(alike)}`;
    return [valueFinding('IST0116', deployment, '/metadata/name', message)];
  });
}

function conflictingNumbers(deployment: DeploymentDraft, ports: readonly ServedPort[]): Finding[] {
  const { name } = deployment.metadata;
  return [...groupBy(ports, ({ targetPort }) => targetPort)].flatMap(([targetPort, alike]) => {
    const numbers = [...new Set(alike.map(({ port }) => port))].sort((left, right) => left - right);
    if (numbers.length < 2) return [];
    const message =
      `This deployment ${name} is associated with multiple services ${servicesText(alike)} using targetPort "${targetPort}" ` +
      `but different ports: ${listText(numbers)}.`;
    return [valueFinding('IST0137', deployment, '/metadata/name', message)];
  });
}

const servicesText = (ports: readonly ServedPort[]): string => listText(ports.map(({ service }) => service).sort());
