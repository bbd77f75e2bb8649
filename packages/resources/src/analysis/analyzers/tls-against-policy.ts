import type { Finding } from '../../finding.ts';
import type { AnalysisContext, DraftResource } from '../analysis-context.ts';
import type { Analyzer } from '../analyzer.ts';
import { type CheckDeclaration, ownFinding } from '../check-declaration.ts';
import { namespaceMode } from '../world/mtls-mode.ts';

const LTN0132: CheckDeclaration = {
  code: 'LTN0132',
  level: 'Warning',
  title: 'A caller and a server disagree about mutual TLS',
  what: 'A DestinationRule turns TLS off for a host whose PeerAuthentication is STRICT, or asks for mutual TLS of one whose mode is DISABLE.',
  why: 'Every call fails: the server closes plaintext connections, or does not understand the handshake.',
  mend: 'Leave `tls` out: the mesh finds out by itself. Or change the PeerAuthentication.',
  example: `apiVersion: v1
kind: Service
metadata: {name: reviews}
spec: {selector: {app: reviews}, ports: [{name: http, port: 9080}]}
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: default}
spec: {mtls: {mode: STRICT}}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews}
spec:
  host: reviews
  trafficPolicy: {tls: {mode: DISABLE}}`,
  kiali: ['KIA0204', 'KIA0205', 'KIA0206', 'KIA0207', 'KIA0208', 'KIA0401', 'KIA0501', 'KIA0505', 'KIA0506'],
};

/** LTN0132: mutual TLS on one side only. Selective PeerAuthentications are left out: which instances they are for, the rule does not know. */
export const tlsAgainstPolicy: Analyzer = {
  name: 'lateen.MutualTlsAnalyzer',
  description: 'DestinationRules and PeerAuthentications agree about mutual TLS',
  checks: [LTN0132],
  analyze: (context) => context.of('DestinationRule').flatMap((rule) => disagreements(context, rule)),
};

function disagreements(context: AnalysisContext, rule: DraftResource<'DestinationRule'>): Finding[] {
  const { host = '', exportTo, trafficPolicy } = rule.spec;
  const mode = trafficPolicy?.tls?.mode;
  const known = context.hosts.find(host, rule.metadata.namespace, exportTo as readonly string[] | undefined);
  if (mode === undefined || !known?.service) return [];
  const server = namespaceMode(context, known.namespace);
  const isWrong = (mode === 'DISABLE' && server === 'STRICT') || (mode === 'ISTIO_MUTUAL' && server === 'DISABLE');
  if (!isWrong) return [];
  const message = `tls mode ${mode}, and the PeerAuthentication of namespace ${known.namespace} is ${server}: every call fails`;
  return [ownFinding(LTN0132, rule, '/spec/trafficPolicy/tls/mode', message, 'leave tls out, or change the PeerAuthentication')];
}
