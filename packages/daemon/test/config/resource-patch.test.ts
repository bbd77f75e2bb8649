import assert from 'node:assert/strict';
import type { Resource } from '@lateen/resources';
import { deletePatch, mergePatch } from '../../src/config/resource-patch.ts';

const resource = (name: string, spec: object, line = 1): Resource => ({
  apiVersion: 'networking.istio.io/v1',
  kind: 'VirtualService',
  metadata: { name, namespace: 'default', labels: {}, annotations: {} },
  spec,
  origin: { kind: 'VirtualService', namespace: 'default', name, file: 'mesh.yaml', line },
  lines: {},
});
const reference = (name: string) => ({ kind: 'VirtualService', namespace: 'default', name });

describe('mergePatch', () => {
  it('tells what was created, changed and left as it was', () => {
    const current = [resource('a', { hosts: ['a'] }), resource('b', { hosts: ['b'] })];
    const changed = resource('b', { hosts: ['c'] });
    const { resources, changes } = mergePatch(current, [resource('a', { hosts: ['a'] }, 9), changed, resource('d', {})]);
    assert.deepEqual(
      changes.map(({ name, action }) => `${name} ${action}`),
      ['a unchanged', 'b configured', 'd created'],
    );
    assert.deepEqual(
      resources.map(({ metadata }) => metadata.name),
      ['a', 'b', 'd'],
    );
    assert.equal(resources[0], current[0]);
    assert.equal(resources[1], changed);
  });

  it('does not mind the order of keys or another version of the group', () => {
    const before = resource('a', { x: { p: 1, q: 2 }, y: 1 });
    assert.equal(mergePatch([before], [resource('a', { y: 1, x: { q: 2, p: 1 } })]).changes[0]?.action, 'unchanged');
    const newer = { ...before, apiVersion: 'networking.istio.io/v1beta1' };
    assert.equal(mergePatch([before], [newer]).resources.length, 1);
  });

  it('takes the last of a resource given twice, also when that is what was there before', () => {
    const current = [resource('a', { hosts: ['old'] })];
    const { resources, changes } = mergePatch(current, [resource('a', { hosts: ['new'] }), resource('a', { hosts: ['old'] })]);
    assert.deepEqual(resources, current);
    assert.deepEqual(
      changes.map(({ name, action }) => `${name} ${action}`),
      ['a unchanged'],
    );
  });

  it('minds the order of lists', () => {
    assert.equal(
      mergePatch([resource('a', { http: [1, 2] })], [resource('a', { http: [2, 1] })]).changes[0]?.action,
      'configured',
    );
  });
});

describe('deletePatch', () => {
  it('takes out what is named, and tells what was not there', () => {
    const { resources, changes } = deletePatch([resource('a', {}), resource('b', {})], [reference('a'), reference('x')]);
    assert.deepEqual(
      resources.map(({ metadata }) => metadata.name),
      ['b'],
    );
    assert.deepEqual(
      changes.map(({ name, action }) => `${name} ${action}`),
      ['a deleted', 'x unchanged'],
    );
  });
});
