import type { Finding } from '../../finding.ts';
import type { AnalysisContext } from '../analysis-context.ts';
import type { Analyzer } from '../analyzer.ts';
import { type CheckDeclaration, ownFinding } from '../check-declaration.ts';
import { type Operation, type PlacedEntry, policyOperations } from '../policy-rules.ts';

const LTN0119: CheckDeclaration = {
  code: 'LTN0119',
  level: 'Warning',
  title: 'A denied path that is easily walked around',
  what: 'A DENY policy names a path exactly.',
  why: '`//admin`, `/admin/` and `/ADMIN` are other paths to the policy, and often the same page to the application: recordings show the first two pass.',
  mend: 'Allow what is good instead of denying what is bad; or deny `/admin*` as well and let the mesh merge slashes (`pathNormalization: MERGE_SLASHES`).',
  example: `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: no-admin}
spec:
  action: DENY
  rules:
  - to: [{operation: {paths: [/admin]}}]`,
};

const LTN0120: CheckDeclaration = {
  code: 'LTN0120',
  level: 'Warning',
  title: 'A denied host that is easily walked around',
  what: 'A DENY policy names a host without port.',
  why: 'The policy sees the header as it was sent: `admin.example.com:80` and `admin.example.com.` are other hosts to it.',
  mend: 'Deny `admin.example.com:*` too, or allow what is good.',
  example: `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: no-admin}
spec:
  action: DENY
  rules:
  - to: [{operation: {hosts: [admin.example.com]}}]`,
};

/** LTN0119, LTN0120: what is denied by its exact spelling has other spellings. */
export const exactDeny: Analyzer = {
  name: 'lateen.ExactDenyAnalyzer',
  description: 'What is denied is denied in every spelling',
  checks: [LTN0119, LTN0120],
  analyze: (context) =>
    policyOperations(context)
      .filter(({ policy }) => policy.spec.action === 'DENY')
      .flatMap((placed) => [...exactPaths(context, placed), ...exactHosts(placed)]),
};

function exactPaths({ meshConfig }: AnalysisContext, { policy, entry, pointer }: PlacedEntry<Operation>): Finding[] {
  const paths = entry.paths ?? [];
  const merges = meshConfig.pathNormalization.includes('MERGE_SLASHES');
  return paths.flatMap((path = '', index) => {
    if (!path.startsWith('/') || /[*{]/.test(path) || path === '/') return [];
    const others = [
      ...(merges ? [] : [`/${path}`]),
      ...(paths.includes(`${path}/`) || paths.includes(`${path}*`) ? [] : [`${path}/`]),
    ];
    if (others.length === 0) return [];
    const message = `${others.join(' and ')} ${others.length === 1 ? 'passes' : 'pass'} this exact ${path}`;
    return [
      ownFinding(
        LTN0119,
        policy,
        `${pointer}/paths/${index}`,
        message,
        'allow what is good instead, or deny the other spellings too',
      ),
    ];
  });
}

function exactHosts({ policy, entry, pointer }: PlacedEntry<Operation>): Finding[] {
  const hosts = entry.hosts ?? [];
  return hosts.flatMap((host = '', index) => {
    if (/[*:]/.test(host) || hosts.includes(`${host}:*`) || hosts.includes(`${host}*`)) return [];
    const message = `${host}:80 and ${host}. pass this exact ${host}`;
    return [ownFinding(LTN0120, policy, `${pointer}/hosts/${index}`, message, `deny "${host}:*" and "${host}." too`)];
  });
}
