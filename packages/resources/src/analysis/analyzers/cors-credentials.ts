import type { Finding } from '../../finding.ts';
import type { Analyzer } from '../analyzer.ts';
import { type CheckDeclaration, ownFinding } from '../check-declaration.ts';
import { httpRules, type PlacedRule } from '../http-rules.ts';

const LTN0126: CheckDeclaration = {
  code: 'LTN0126',
  level: 'Warning',
  title: 'Every origin may use the credentials of the user',
  what: 'A `corsPolicy` allows credentials to every origin.',
  why: 'Any page that the user opens may read answers with her cookies: the origin is echoed, and the browser is content.',
  mend: 'Name the origins, or leave `allowCredentials` out.',
  example: `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: api}
spec:
  hosts: [api.example.com]
  http:
  - corsPolicy: {allowOrigins: [{regex: ".*"}], allowCredentials: true}
    route: [{destination: {host: api}}]`,
};

/** LTN0126: credentials for everybody. */
export const corsCredentials: Analyzer = {
  name: 'lateen.CorsAnalyzer',
  description: 'Credentials are for origins that are named',
  checks: [LTN0126],
  analyze: (context) => httpRules(context).flatMap(openToAll),
};

function openToAll({ service, rule: { corsPolicy }, pointer }: PlacedRule): Finding[] {
  if (!corsPolicy?.allowCredentials) return [];
  const origins = corsPolicy.allowOrigins ?? [];
  const isOpen =
    (corsPolicy.allowOrigin ?? []).includes('*') ||
    origins.some(
      ({ exact, prefix, regex }) => exact === '*' || EVERY_PREFIX.has(prefix ?? 'none') || EVERY_REGEX.has(regex ?? 'none'),
    );
  if (!isOpen) return [];
  const message = 'every origin may send requests with the credentials of the user and read the answers';
  return [ownFinding(LTN0126, service, `${pointer}/corsPolicy`, message, 'name the origins, or leave allowCredentials out')];
}

const EVERY_PREFIX = new Set(['', '*', 'h', 'http', 'http:', 'https:', 'http://', 'https://']);
const EVERY_REGEX = new Set(['.*', '.+', '^.*$', 'https?://.*', '^https?://.*$', '.*://.*']);
