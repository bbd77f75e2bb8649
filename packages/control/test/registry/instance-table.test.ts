import assert from 'node:assert/strict';
import fc from 'fast-check';
import { InstanceTable } from '../../src/registry/instance-table.ts';
import { instanceKey } from '../../src/wire.ts';
import { instance } from '../instance.ts';

const HOST = 'reviews.default.svc.cluster.local';
const a = instance({ instance: 'a' });
const b = instance({ instance: 'b' });
const names = (table: InstanceTable): string[] => [...table.of(HOST)].map((each) => each.instance);

describe('InstanceTable', () => {
  it('takes a whole registry, and drops what is missing from it', () => {
    const table = new InstanceTable();
    assert.deepEqual([...table.replace([a, b], false)], [HOST]);
    assert.deepEqual([...table.replace([b], false)], [HOST]);
    assert.deepEqual(names(table), ['b']);
  });

  it('keeps what a settling registry does not name until it has settled', () => {
    const table = new InstanceTable();
    table.replace([a, b], false);
    assert.deepEqual([...table.replace([b], true)], []);
    assert.deepEqual(names(table), ['a', 'b']);
    assert.deepEqual([...table.settle()], [HOST]);
    assert.deepEqual(names(table), ['b']);
  });

  it('keeps what came back while it settled', () => {
    const table = new InstanceTable();
    table.replace([a, b], false);
    table.replace([], true);
    table.update([a], []);
    table.settle();
    assert.deepEqual(names(table), ['a']);
  });

  it('believes a removal that is said, settling or not', () => {
    const table = new InstanceTable();
    table.replace([a, b], false);
    table.replace([], true);
    table.update([], [instanceKey(a)]);
    assert.deepEqual(names(table), ['b']);
  });

  it('says nothing changed when nothing did', () => {
    const table = new InstanceTable();
    table.replace([a], false);
    assert.deepEqual([...table.update([{ ...a }], ['default/nobody/1'])], []);
  });

  it('moves an instance that serves another service now', () => {
    const table = new InstanceTable();
    table.replace([a], false);
    const moved = { ...a, service: 'ratings' };
    assert.deepEqual([...table.update([moved], [])].sort(), ['ratings.default.svc.cluster.local', HOST].sort());
    assert.deepEqual(names(table), []);
    assert.deepEqual([...table.all()], [moved]);
  });

  it('holds what a plain map would after any steps', () => {
    const someInstance = fc
      .record({
        instance: fc.constantFrom('a', 'b', 'c'),
        port: fc.integer({ min: 1, max: 3 }),
        servicePort: fc.constantFrom(1, 2),
      })
      .map(instance);
    const step = fc.record({
      upserted: fc.array(someInstance, { maxLength: 3 }),
      removed: fc.array(someInstance, { maxLength: 2 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 10 }), (steps) => {
        const table = new InstanceTable();
        const model = new Map<string, unknown>();
        for (const { upserted, removed } of steps) {
          table.update(upserted, removed.map(instanceKey));
          for (const each of removed) model.delete(instanceKey(each));
          for (const each of upserted) model.set(instanceKey(each), each);
        }
        assert.deepEqual(new Map([...table.all()].map((each) => [instanceKey(each), each])), model);
      }),
    );
  });
});
