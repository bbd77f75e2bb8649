import assert from 'node:assert/strict';
import { fakeClock, type FakeClock } from '@lateen/core/testing';
import type { ConsulInstance } from '../../src/consul/consul-instance.ts';
import { SteadyInstances } from '../../src/consul/steady-instances.ts';

function named(key: string, port = 1_000 + key.charCodeAt(0)): ConsulInstance {
  const endpoint = { key, address: '10.0.0.1', port } as ConsulInstance['endpoint'];
  return { key, host: 'h', service: 's', namespace: 'n', servicePort: 9080, portName: 'http', identity: '', endpoint };
}

function setUp(...keys: string[]): { clock: FakeClock; steady: SteadyInstances; present: () => string; expired: () => number } {
  const clock = fakeClock();
  let expired = 0;
  const steady = new SteadyInstances(clock, () => expired++);
  steady.apply(keys.map((key) => named(key)));
  const present = (): string => steady.instances.map(({ key }) => key).join('');
  return { clock, steady, present, expired: () => expired };
}

describe('SteadyInstances', () => {
  it('adds and removes at once while Consul is well', () => {
    const { steady, present, clock } = setUp('a', 'b');
    steady.apply([named('b'), named('c')]);
    assert.equal(present(), 'bc');
    assert.equal(clock.pending, 0);
  });

  it('doubts an empty set for five seconds', () => {
    const { steady, present, clock, expired } = setUp('a', 'b');
    steady.apply([]);
    clock.advance(4_900);
    assert.equal(present(), 'ab');
    clock.advance(200);
    assert.equal(present(), '');
    assert.equal(expired(), 1);
    assert.equal(clock.pending, 0);
  });

  it('drops what was doubted as soon as there is a credible answer', () => {
    const { steady, present } = setUp('a', 'b');
    steady.apply([]);
    steady.apply([named('c')]);
    assert.equal(present(), 'c');
  });

  it('gives everybody fifteen seconds to be found again after an outage', () => {
    const { steady, present, clock } = setUp('a', 'b', 'c');
    steady.doubt();
    steady.apply([]);
    clock.advance(6_000);
    steady.apply([named('a')]);
    assert.equal(present(), 'abc');
    clock.advance(3_000);
    steady.apply([named('a'), named('b')]);
    assert.equal(present(), 'abc');
    clock.advance(6_100);
    assert.equal(present(), 'ab');
  });

  it('does not count a process twice that is back on its port under a new name', () => {
    const { steady, present } = setUp('a', 'b');
    steady.doubt();
    steady.apply([named('x', named('a').endpoint.port)]);
    assert.equal(present(), 'bx');
  });

  it('takes the newest description of whoever stays', () => {
    const { steady } = setUp('a');
    steady.apply([named('a', 7)]);
    assert.equal(steady.instances[0]?.endpoint.port, 7);
  });
});
