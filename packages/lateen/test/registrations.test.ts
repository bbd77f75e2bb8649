import assert from 'node:assert/strict';
import { constant, silentLogger } from '@lateen/core';
import { fakeClock, settle } from '@lateen/core/testing';
import type { InstanceDescription, Registry } from '@lateen/discovery';
import { type ListeningServer, Registrations } from '../src/registrations.ts';

const server = (port: number): ListeningServer => ({
  bound: { address: '127.0.0.1', family: 'IPv4', port },
  servicePort: 9080,
  portName: 'http',
});

function setUp(identityReady: Promise<void> = Promise.resolve()) {
  const clock = fakeClock();
  const live = new Set<number>();
  const errors: string[] = [];
  let failures = 0;
  const registry = {
    name: 'fake',
    services: constant([]),
    ready: constant(true),
    staleSince: constant(0),
    register: async ({ port }: InstanceDescription) => {
      if (failures-- > 0) throw new Error('not now');
      live.add(port);
      return { deregister: async () => void live.delete(port) };
    },
  } as unknown as Registry;
  const instance = {
    instance: 'reviews-000001',
    service: 'reviews',
    namespace: 'default',
    labels: {},
    workload: 'reviews',
    serviceAccount: 'reviews',
    tls: 'mutual',
    protocols: [],
    weight: 1,
    locality: '',
  } as const;
  const registrations = new Registrations({
    registries: [registry],
    instance,
    advertise: undefined,
    adminAddress: () => '127.0.0.1:15020',
    identityReady,
    clock,
    logger: { ...silentLogger, error: (message) => errors.push(message) },
  });
  return { clock, live, errors, registrations, failNext: (times: number) => (failures = times) };
}

describe('Registrations', () => {
  it('publishes each listener once, and takes out the one that the application closed', async () => {
    const { live, registrations } = setUp();
    registrations.add(server(1));
    registrations.add(server(1));
    registrations.add(server(2));
    await settle();
    assert.deepEqual([...live], [1, 2]);
    await registrations.remove(server(1));
    assert.deepEqual([...live], [2]);
    await registrations.deregister();
    assert.equal(live.size, 0);
  });

  it('tries a failing registry again, and tells the same failure once', async () => {
    const { clock, live, errors, registrations, failNext } = setUp();
    failNext(3);
    registrations.add(server(1));
    await clock.advanceAsync(5_000);
    assert.deepEqual([...live], [1]);
    assert.deepEqual(errors, ['cannot register reviews with fake: not now']);
  });

  it('waits for the identity, and does not hang when it never comes', async () => {
    const { live, registrations } = setUp(new Promise(() => {}));
    registrations.add(server(1));
    await settle();
    assert.equal(live.size, 0);
    await registrations.deregister();
  });
});
