import assert from 'node:assert/strict';
import { EndpointCells } from '../../src/registry/endpoint-cells.ts';
import { InstanceTable } from '../../src/registry/instance-table.ts';
import { instance } from '../instance.ts';

const HOST = 'reviews.default.svc.cluster.local';
const a = instance({ instance: 'a' });
const b = instance({ instance: 'b', servicePort: 9090 });

describe('EndpointCells', () => {
  it('gives the same watched set for the same host and port, whatever the case', () => {
    const cells = new EndpointCells(new InstanceTable());
    assert.equal(cells.watch(HOST, 9080), cells.watch(HOST.toUpperCase(), 9080));
    assert.notEqual(cells.watch(HOST, 9080), cells.watch(HOST, 9090));
  });

  it('holds the instances of that logical port only', () => {
    const table = new InstanceTable();
    const cells = new EndpointCells(table);
    const watched = cells.watch(HOST, 9080);
    cells.refresh(table.replace([a, b], false));
    assert.deepEqual(
      watched.value.endpoints.map(({ key, port }) => ({ key, port })),
      [{ key: 'a', port: a.port }],
    );
  });

  it('is not ready before the source is, and tells since when it is stale', () => {
    const cells = new EndpointCells(new InstanceTable());
    const watched = cells.watch(HOST, 9080);
    assert.equal(watched.value.ready, false);
    cells.setSource(true, 0);
    assert.equal(watched.value.ready, true);
    cells.setSource(true, 1234);
    assert.equal(watched.value.staleSince, 1234);
  });

  it('counts the version up with each change, and is silent without one', () => {
    const table = new InstanceTable();
    const cells = new EndpointCells(table);
    const watched = cells.watch(HOST, 9080);
    const versions: number[] = [watched.value.version];
    watched.subscribe(({ version }) => versions.push(version));
    cells.refresh(table.replace([a], false));
    cells.refresh(table.update([b], []));
    cells.refresh(table.replace([{ ...a, port: 2 }], false));
    assert.deepEqual(versions, [1, 2, 3]);
  });

  it('keeps the endpoint objects of instances that did not change', () => {
    const table = new InstanceTable();
    const cells = new EndpointCells(table);
    const watched = cells.watch(HOST, 9080);
    cells.refresh(table.replace([a], false));
    const [before] = watched.value.endpoints;
    cells.refresh(table.update([instance({ instance: 'c' })], []));
    assert.equal(watched.value.endpoints[0], before);
    assert.equal(watched.value.endpoints.length, 2);
  });
});
