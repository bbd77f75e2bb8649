import { parseResources } from '@lateen/resources';
import { differences } from './compare-answer.ts';
import { KEYS, type SecurityCase, SERVICES } from './corpus.ts';
import { mintToken } from './mint-token.ts';
import { ProcessUnderTest } from './process-under-test.ts';

/** Why a case says nothing about decisions; undefined for those that do. */
export function notAboutDecisions(test: SecurityCase): string | undefined {
  if (test.proxyRejectsConfig) return 'the proxy refuses the configuration';
  if (test.base === 'gateway-server-only') return 'about routes';
  return undefined;
}

/** Where Lateen answers otherwise on purpose, and why. */
export const DIFFERENCES: ReadonlyMap<string, string> = new Map([
  ['mtls-identity/odd-certificates', 'the gate takes exactly one URI name'],
  ['mtls-identity/two-uris-second', 'the gate takes exactly one URI name'],
  ['jwt/jwks-and-uri', 'Istio’s own CRD refuses jwks beside jwksUri, and so do we'],
  ['authz-custom/custom-dry-run', 'annotations are not judged with the spec; the policy is enforced'],
]);

/** Runs a case. @returns what differs from the recording. */
export async function runSecurityCase(test: SecurityCase): Promise<string[]> {
  const expand = (text: string): string => substitute(text, Math.floor(Date.UTC(2026, 0, 1) / 1_000));
  const { resources, findings } = parseResources(
    expand([SERVICES.bases[test.base], test.yaml].filter((text) => text).join('\n---\n')),
    {
      file: 'case.yaml',
      defaultNamespace: 'default',
      refusals: 'Info',
    },
  );
  const errors = findings.filter(({ level }) => level === 'Error').map(({ message }) => message);
  if (test.validation?.verdict === 'rejected') return errors.length > 0 ? [] : ['accepted, and Istio refuses it'];
  const expanded = expandAll({ ...test, yaml: '' }, expand) as SecurityCase;
  const process = new ProcessUnderTest(expanded, resources);
  const found: string[] = errors.map((message) => `refused: ${message}`);
  for (const [index, request] of expanded.requests.entries()) {
    if (request.setBackends) process.setBackends(request.setBackends);
    if (request.waitMs) await process.clock.advanceAsync(request.waitMs);
    const observed = test.observed[index];
    if (!observed) continue;
    const answer = await process.ask(request);
    if (answer === 'no decision') continue;
    found.push(...differences(request, observed, answer, expand).map((line) => `#${index} ${line}`));
  }
  process.stop();
  return found;
}

function expandAll(value: unknown, expand: (text: string) => string): unknown {
  if (typeof value === 'string') return expand(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => expandAll(item, expand));
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, expandAll(item, expand)]));
}

/** `{jwks:name}`, `{jwt:name}`, `{payload:name}`, `${name.address}`. */
function substitute(text: string, nowSeconds: number): string {
  const token = (name: string): string => tokens.get(name) ?? remember(name, nowSeconds);
  return text
    .replace(/\{jwks:(\w+)\}/g, (_, name: string) => JSON.stringify(KEYS.keySets[name]))
    .replace(/\{jwt:(\w+)\}/g, (_, name: string) => token(name))
    .replace(/\{payload:(\w+)\}/g, (_, name: string) => token(name).split('.')[1] ?? '')
    .replace(/\$\{[\w-]+\.address\}/g, '127.0.0.1')
    .replace(/\$\{[\w-]+\.port\}/g, '7000');
}

const tokens = new Map<string, string>();

function remember(name: string, nowSeconds: number): string {
  const token = mintToken(name, nowSeconds);
  tokens.set(name, token);
  return token;
}
