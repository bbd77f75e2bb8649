import assert from 'node:assert/strict';
import { Cell, type Endpoint, type EndpointSet, NO_ENDPOINTS } from '@lateen/core';
import { mergeRegistries } from '../src/merge-registries.ts';
import type { InstanceDescription, Registry, ServiceDescription } from '../src/registry.ts';
import { instance } from './support/instance.ts';

class FakeRegistry implements Registry {
  readonly name: string;
  readonly services = new Cell<readonly ServiceDescription[]>([]);
  readonly ready = new Cell(false);
  readonly staleSince = new Cell(0);
  readonly set = new Cell<EndpointSet>(NO_ENDPOINTS);
  readonly log: string[] = [];
  refuses = false;

  constructor(name: string, ...hosts: string[]) {
    this.name = name;
    this.know(...hosts);
    this.answer();
  }

  know(...hosts: string[]): void {
    this.services.set(hosts.map((host) => ({ host, namespace: 'default', name: this.name }) as ServiceDescription));
  }

  answer(version = 1): void {
    this.set.set({ endpoints: [{ key: this.name } as Endpoint], version, ready: true, staleSince: 0 });
  }

  endpoints(): Cell<EndpointSet> {
    return this.set;
  }

  async register({ service }: InstanceDescription): Promise<{ deregister(): Promise<void> }> {
    if (this.refuses) throw new Error('refused');
    this.log.push(`+${service}`);
    return { deregister: async () => void this.log.push(`-${service}`) };
  }

  async close(): Promise<void> {
    this.log.push('closed');
  }
}

describe('mergeRegistries', () => {
  it('lets the first that knows a host answer for it', () => {
    const [one, two] = [new FakeRegistry('one', 'a'), new FakeRegistry('two', 'a', 'b')];
    const merged = mergeRegistries([one, two]);
    assert.deepEqual(
      merged.services.value.map(({ host, name }) => `${host} ${name}`),
      ['a one', 'b two'],
    );
    assert.equal(merged.endpoints('a', 1).value.endpoints[0]?.key, 'one');
    assert.equal(merged.endpoints('B', 1).value.endpoints[0]?.key, 'two');
    assert.equal(merged.endpoints('a', 1), merged.endpoints('A', 1));
  });

  it('follows a host from one source to another, with versions that only grow', () => {
    const [one, two] = [new FakeRegistry('one'), new FakeRegistry('two', 'a')];
    two.answer(70);
    const merged = mergeRegistries([one, two]);
    const set = merged.endpoints('a', 1);
    const seen: [string | undefined, number][] = [];
    set.subscribe(({ endpoints, version }) => seen.push([endpoints[0]?.key, version]));
    const start = set.value.version;
    one.know('a');
    two.answer(71);
    one.answer(2);
    one.know();
    assert.deepEqual(seen, [
      ['one', start + 1],
      ['one', start + 2],
      ['two', start + 3],
    ]);
  });

  it('has the endpoints in place when it tells of a service', () => {
    const one = new FakeRegistry('one');
    const merged = mergeRegistries([one, new FakeRegistry('two')]);
    const set = merged.endpoints('a', 1);
    let present: number | undefined;
    merged.services.subscribe(() => (present = set.value.endpoints.length));
    one.know('a');
    assert.equal(present, 1);
  });

  it('knows that a host has no endpoints only when all have answered', () => {
    const [one, two] = [new FakeRegistry('one'), new FakeRegistry('two')];
    const merged = mergeRegistries([one, two]);
    const set = merged.endpoints('nobody', 1);
    one.ready.set(true);
    assert.equal(merged.ready.value, false);
    assert.equal(set.value.ready, false);
    two.ready.set(true);
    assert.equal(merged.ready.value, true);
    assert.equal(set.value.ready, true);
  });

  it('is as stale as its oldest sick source', () => {
    const [one, two] = [new FakeRegistry('one'), new FakeRegistry('two')];
    const merged = mergeRegistries([one, two]);
    two.staleSince.set(500);
    one.staleSince.set(900);
    assert.equal(merged.staleSince.value, 500);
    two.staleSince.set(0);
    assert.equal(merged.staleSince.value, 900);
  });

  it('registers with all or with none', async () => {
    const [one, two] = [new FakeRegistry('one'), new FakeRegistry('two')];
    const merged = mergeRegistries([one, two]);
    const registration = await merged.register?.(instance());
    await registration?.deregister();
    assert.deepEqual(
      [one.log, two.log],
      [
        ['+reviews', '-reviews'],
        ['+reviews', '-reviews'],
      ],
    );
    two.refuses = true;
    await assert.rejects(merged.register?.(instance()) as Promise<unknown>, /refused/);
    assert.deepEqual(one.log.slice(2), ['+reviews', '-reviews']);
  });

  it('closes all, and of one makes that one', async () => {
    const [one, two] = [new FakeRegistry('one'), new FakeRegistry('two')];
    await mergeRegistries([one, two]).close();
    assert.deepEqual([one.log, two.log], [['closed'], ['closed']]);
    assert.equal(mergeRegistries([one]), one);
  });
});
