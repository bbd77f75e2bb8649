import assert from 'node:assert/strict';
import { seededRandom, silentLogger } from '@lateen/core';
import { fakeClock, settle } from '@lateen/core/testing';
import { type ConsulClient, ConsulFailure, type ConsulRegistration } from '../../src/consul/consul-client.ts';
import { OwnRegistrations } from '../../src/consul/own-registrations.ts';
import { instance } from '../support/instance.ts';

function setUp(ownId?: string) {
  const clock = fakeClock();
  const calls: string[] = [];
  const answers = { register: undefined as Error | undefined, pass: undefined as Error | undefined };
  let held: Promise<void> | undefined;
  /** Registrations are under way until the returned function is called. */
  const hold = (): (() => void) => {
    let release = (): void => {};
    held = new Promise((resolve) => (release = resolve));
    return release;
  };
  const answer = async (call: 'register' | 'pass'): Promise<void> => {
    calls.push(call);
    if (call === 'register') await held;
    if (answers[call]) throw answers[call];
  };
  const identities: (string | undefined)[] = [];
  const client = {
    register: ({ meta }: ConsulRegistration) => {
      identities.push(meta['lateen-identity']);
      return answer('register');
    },
    pass: () => answer('pass'),
    deregister: async () => void calls.push('deregister'),
  } as unknown as ConsulClient;
  const reregistered: string[] = [];
  const own = new OwnRegistrations({
    client,
    prefix: '',
    ownId: () => ownId,
    clock,
    random: seededRandom(1),
    logger: silentLogger,
    onReregistered: (id) => reregistered.push(id),
  });
  return { clock, calls, answers, own, reregistered, identities, hold };
}

describe('OwnRegistrations', () => {
  it('renews at a third of the lease, or a little earlier', async () => {
    const { clock, calls, own } = setUp();
    await own.register(instance());
    await clock.advanceAsync(15_000);
    assert.deepEqual(calls, ['register', 'pass', 'pass', 'pass']);
  });

  it('registers with the ID of the certificate, the usual one without it, and none in plaintext', async () => {
    const certified = setUp('spiffe://example.org/ns/default/sa/reviews');
    await certified.own.register(instance());
    const usual = setUp();
    await usual.own.register(instance());
    await usual.own.register(instance({ tls: 'none' }));
    assert.deepEqual(
      [...certified.identities, ...usual.identities],
      ['spiffe://example.org/ns/default/sa/reviews', 'spiffe://cluster.local/ns/default/sa/bookinfo-reviews', ''],
    );
  });

  it('registers again what Consul has forgotten, within ten seconds', async () => {
    const { clock, calls, answers, own, reregistered } = setUp();
    await own.register(instance());
    answers.pass = new ConsulFailure('unknown check', 404);
    await clock.advanceAsync(5_100);
    assert.deepEqual(calls, ['register', 'pass', 'register']);
    assert.equal(reregistered.length, 1);
    own.renewNow();
    await settle();
    assert.equal(reregistered.length, 2);
  });

  it('does not register again because Consul is unreachable', async () => {
    const { clock, calls, answers, own } = setUp();
    await own.register(instance());
    answers.pass = new ConsulFailure('nobody there', 0);
    await clock.advanceAsync(30_000);
    assert.deepEqual(new Set(calls.slice(1)), new Set(['pass']));
  });

  it('waits for peers to hear, and lets nothing bring back what was deregistered', async () => {
    const { clock, calls, answers, own } = setUp();
    const registration = await own.register(instance());
    answers.pass = new ConsulFailure('unknown check', 404);
    own.renewNow();
    let done = false;
    const leaving = registration.deregister().then(() => (done = true));
    await clock.advanceAsync(400);
    assert.equal(done, false);
    await clock.advanceAsync(200);
    await leaving;
    await clock.advanceAsync(60_000);
    assert.equal(calls.at(-1), 'deregister');
    assert.equal(clock.pending, 0);
  });

  it('takes out again what a renewal on its way has brought back', async () => {
    const { calls, answers, own, hold } = setUp();
    const registration = await own.register(instance());
    answers.pass = new ConsulFailure('unknown check', 404);
    const release = hold();
    own.renewNow();
    await settle();
    void registration.deregister();
    await settle();
    release();
    await settle();
    assert.deepEqual(calls, ['register', 'pass', 'register', 'deregister', 'deregister']);
  });

  it('tells a refusal from an outage', async () => {
    const { answers, own } = setUp();
    answers.register = new ConsulFailure('Permission denied', 403);
    await assert.rejects(own.register(instance()), { code: 'LATEEN_REGISTER_REFUSED' });
    answers.register = new ConsulFailure('no leader', 500);
    await assert.rejects(own.register(instance()), { code: 'LATEEN_CONSUL_UNREACHABLE' });
  });

  it('takes everything out when closed', async () => {
    const { clock, calls, own } = setUp();
    await own.register(instance());
    await own.register(instance({ servicePort: 9081 }));
    await own.close();
    assert.deepEqual(calls, ['register', 'register', 'deregister', 'deregister']);
    assert.equal(clock.pending, 0);
  });
});
