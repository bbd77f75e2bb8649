import assert from 'node:assert/strict';
import { seededRandom } from '@lateen/core';
import { fakeClock } from '@lateen/core/testing';
import type { ConsulClient, ConsulReply } from '../../src/consul/consul-client.ts';
import type { ConsulServiceEntry } from '../../src/consul/health-entry.ts';
import { WatchedService } from '../../src/consul/watched-service.ts';

type Check = ConsulServiceEntry['Checks'][number]['Status'];

function entry(id: string, status: Check = 'passing'): ConsulServiceEntry {
  const port = 1_000 + id.charCodeAt(0);
  return {
    Node: { Address: '10.0.0.1' },
    Service: { ID: id, Service: 'web', Address: '', Port: port, Meta: null },
    Checks: [{ Status: status }],
  };
}

type Answer = Partial<ConsulReply<readonly ConsulServiceEntry[]>> | Error;

function setUp(...answers: Answer[]) {
  const clock = fakeClock();
  let index = 1;
  const client = {
    health: async () => {
      const answer = answers.shift();
      if (!answer) return new Promise(() => {});
      if (answer instanceof Error) throw answer;
      return { index: ++index, data: [], filtered: false, ...answer };
    },
  } as unknown as ConsulClient;
  let recovered = 0;
  const service = new WatchedService('web', {
    client,
    naming: { prefix: '', namespace: 'default' },
    clock,
    random: seededRandom(1),
    onChange() {},
    onRecovered: () => recovered++,
  });
  const keys = (): string => service.instances.map(({ key }) => key).join('');
  return { clock, service, keys, recovered: () => recovered };
}

describe('WatchedService', () => {
  it('calls what is passing or warning, and lists the rest', async () => {
    const data = [entry('a'), entry('b', 'warning'), entry('c', 'critical'), entry('d', 'maintenance')];
    const { clock, service, keys } = setUp({ data });
    await clock.advanceAsync(1);
    assert.equal(keys(), 'ab');
    assert.equal(service.listed.length, 4);
    assert.equal(service.answered, true);
  });

  it('keeps its instances through an outage, and for a while those that are slow to come back', async () => {
    const { clock, service, keys, recovered } = setUp({ data: [entry('a'), entry('b')] }, new Error('down'), {
      data: [entry('a')],
    });
    await clock.advanceAsync(150);
    assert.ok(service.staleSince > 0);
    assert.equal(service.error?.message, 'down');
    assert.equal(keys(), 'ab');
    await clock.advanceAsync(1_000);
    assert.equal(service.staleSince, 0);
    assert.equal(recovered(), 1);
    assert.equal(keys(), 'ab');
    await clock.advanceAsync(15_000);
    assert.equal(keys(), 'a');
  });

  it('takes an empty list for a failure when the token hides something', async () => {
    const { clock, service, keys } = setUp({ data: [entry('a')] }, { data: [], filtered: true });
    await clock.advanceAsync(20_000);
    assert.equal(keys(), 'a');
    assert.match(service.error?.message ?? '', /token may not read the service web/);
  });
});
