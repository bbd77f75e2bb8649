import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Resource } from '../../src/resource.ts';
import { makeRevision } from '../../src/store/make-revision.ts';
import { mergeResources, removeResources } from '../../src/store/merge-resources.ts';

function resource(name: string, spec: object = { hosts: [name] }, overrides: Partial<Resource> = {}): Resource {
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { name, namespace: 'default', labels: {}, annotations: {} },
    spec,
    origin: { kind: 'VirtualService', namespace: 'default', name, file: 'a.yaml', line: 1 },
    lines: { '': 1 },
    ...overrides,
  };
}
const revision = (resources: readonly Resource[]) => makeRevision(resources, { number: 7, author: 'me', time: 5 });
const names = (resources: readonly Resource[]): string[] => resources.map(({ metadata }) => metadata.name);

describe('makeRevision', () => {
  const some = ['c', 'a', 'b'].map((name) => resource(name));

  it('carries number, author and time, and sorts the resources by key', () => {
    const { hash, resources, ...rest } = revision(some);
    assert.deepEqual(rest, { number: 7, author: 'me', time: 5 });
    assert.match(hash, /^[0-9a-f]{16}$/);
    assert.deepEqual(names(resources), ['a', 'b', 'c']);
  });

  it('has a hash that knows no order, of resources or of fields', () => {
    const { hash } = revision(some);
    const withFields = (fields: readonly string[]) =>
      revision([resource('x', { match: Object.fromEntries(fields.map((field) => [field, { exact: field }])) })]).hash;
    fc.assert(
      fc.property(fc.shuffledSubarray(some, { minLength: 3 }), (shuffled) => assert.equal(revision(shuffled).hash, hash)),
    );
    fc.assert(
      fc.property(fc.shuffledSubarray(['uri', 'method', 'headers'], { minLength: 3 }), (fields) =>
        assert.equal(withFields(fields), withFields(['uri', 'method', 'headers'])),
      ),
    );
  });

  it('has a hash that knows no place', () => {
    const elsewhere = resource('a', undefined, {
      origin: { kind: 'VirtualService', namespace: 'default', name: 'a', file: 'other/b.yaml', line: 99 },
      lines: { '': 99 },
    });
    assert.equal(revision([elsewhere]).hash, revision([resource('a')]).hash);
  });

  const others: readonly (readonly [string, readonly Resource[]])[] = [
    ['another spec', [resource('a', { hosts: ['z'] })]],
    ['the order of a list', [resource('a', { hosts: ['b', 'a'] })]],
    ['an annotation', [resource('a', undefined, { metadata: { ...resource('a').metadata, annotations: { x: 'y' } } })]],
    ['one resource more', [resource('a'), resource('b')]],
    ['none', []],
  ];
  it('has another hash for everything that says something else', () => {
    const hashes = [revision([resource('a')]), revision([resource('a', { hosts: ['a', 'b'] })])].map(({ hash }) => hash);
    for (const [what, resources] of others) {
      const { hash } = revision(resources);
      assert.ok(!hashes.includes(hash), what);
      hashes.push(hash);
    }
  });
});

describe('mergeResources', () => {
  it('replaces by identity, adds the rest, and lets the last of two changes count', () => {
    const beta = resource('a', { hosts: ['beta'] }, { apiVersion: 'networking.istio.io/v1beta1' });
    const later = resource('c', { hosts: ['later'] });
    const merged = mergeResources([resource('a'), resource('b')], [beta, resource('c'), later]);
    assert.deepEqual(merged, [beta, resource('b'), later]);
  });

  it('takes a name for another in another namespace or of another kind', () => {
    const elsewhere = resource('a', {}, { metadata: { ...resource('a').metadata, namespace: 'shop' } });
    const other = resource('a', {}, { kind: 'DestinationRule' });
    assert.equal(mergeResources([resource('a')], [elsewhere, other]).length, 3);
  });
});

describe('removeResources', () => {
  it('takes out what is named by kind, namespace and name, and nothing else', () => {
    const all = ['a', 'b', 'c'].map((name) => resource(name));
    const reference = { kind: 'VirtualService', namespace: 'default', name: 'b' };
    assert.deepEqual(names(removeResources(all, [reference])), ['a', 'c']);
    for (const miss of [{ kind: 'Gateway' }, { namespace: 'shop' }, { name: 'z' }]) {
      assert.equal(removeResources(all, [{ ...reference, ...miss }]).length, 3);
    }
  });
});
