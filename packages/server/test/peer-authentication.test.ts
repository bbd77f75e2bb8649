import assert from 'node:assert/strict';
import { EMPTY_REVISION, parseResources } from '@lateen/resources';
import { peerAuthenticationMode } from '../src/peer-authentication.ts';
import type { MtlsMode } from '../src/inbound.ts';

interface Policy {
  readonly name: string;
  readonly namespace: string;
  readonly mode?: MtlsMode | 'UNSET';
  readonly selector?: string;
}

function modeUnder(policies: readonly Policy[], fallback: MtlsMode = 'STRICT', namespace = 'default'): MtlsMode {
  const text = policies
    .map(
      ({ name, namespace, mode, selector }) => `apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: ${name}, namespace: ${namespace} }
spec: { ${[selector && `selector: { matchLabels: { app: ${selector} } }`, mode && `mtls: { mode: ${mode} }`].filter(Boolean).join(', ')} }
`,
    )
    .join('---\n');
  const { resources, findings } = parseResources(text, { file: 'mesh.yaml', defaultNamespace: 'default' });
  assert.deepEqual(
    findings.filter(({ level }) => level === 'Error'),
    [],
  );
  return peerAuthenticationMode({ ...EMPTY_REVISION, resources }, { namespace, labels: { app: 'reviews' } }, fallback);
}

const mesh = (mode: Policy['mode']) => ({ name: 'mesh', namespace: 'istio-system', ...(mode ? { mode } : {}) });
const space = (mode: Policy['mode']) => ({ name: 'space', namespace: 'default', ...(mode ? { mode } : {}) });
const own = (mode: Policy['mode'], selector = 'reviews') => ({
  name: 'own',
  namespace: 'default',
  selector,
  ...(mode ? { mode } : {}),
});

describe('peerAuthenticationMode', () => {
  for (const [title, policies, expected] of [
    ['no policy: the fallback', [], 'STRICT'],
    ["the mesh's policy, of the root namespace", [mesh('PERMISSIVE')], 'PERMISSIVE'],
    ["the namespace's before the mesh's", [mesh('PERMISSIVE'), space('DISABLE')], 'DISABLE'],
    ["the workload's before the namespace's", [space('DISABLE'), own('PERMISSIVE')], 'PERMISSIVE'],
    ["not another workload's", [space('DISABLE'), own('PERMISSIVE', 'ratings')], 'DISABLE'],
    ["not another namespace's", [{ name: 'a', namespace: 'other', mode: 'DISABLE' }], 'STRICT'],
    ['UNSET and an absent mode inherit', [mesh('PERMISSIVE'), space('UNSET'), own(undefined)], 'PERMISSIVE'],
    ['UNSET everywhere: the fallback', [mesh('UNSET')], 'STRICT'],
    [
      'a selector in the root namespace selects nobody',
      [{ name: 'a', namespace: 'istio-system', mode: 'DISABLE', selector: 'reviews' }],
      'STRICT',
    ],
    [
      'the first of two in one scope',
      [space('PERMISSIVE'), { name: 'zone', namespace: 'default', mode: 'DISABLE' }],
      'PERMISSIVE',
    ],
  ] as const) {
    it(`takes ${title}`, () => assert.equal(modeUnder(policies as readonly Policy[]), expected));
  }
});
