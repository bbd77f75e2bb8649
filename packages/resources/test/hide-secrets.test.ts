import assert from 'node:assert/strict';
import { hideSecrets, parseResources, type Resource } from '@lateen/resources';

const only = (yaml: string): Resource =>
  parseResources(yaml, { file: 'a.yaml', defaultNamespace: 'default' }).resources[0] as Resource;

describe('hideSecrets', () => {
  it('leaves the keys of a Secret and not a letter of what they hold', () => {
    const secret = only(
      'apiVersion: v1\nkind: Secret\nmetadata: {name: a}\ntype: kubernetes.io/tls\ndata: {tls.key: c2VjcmV0}\nstringData: {note: secret}\n',
    );
    assert.deepEqual(hideSecrets(secret).spec, {
      type: 'kubernetes.io/tls',
      data: { 'tls.key': '(hidden)' },
      stringData: { note: '(hidden)' },
    });
  });

  it('leaves everything else as it is', () => {
    const map = only('apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {a: b}\n');
    assert.equal(hideSecrets(map), map);
  });
});
