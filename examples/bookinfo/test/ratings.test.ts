import assert from 'node:assert/strict';
import { request } from 'node:http';
import { behaviourOf } from '../src/ratings/behaviour.ts';
import { ratings } from '../src/ratings/ratings.ts';
import { plainRuntime } from '../src/runtime/plain-runtime.ts';
import { servers } from './helpers/serve.ts';

const WELL = behaviourOf('v1');

describe('ratings', () => {
  const { serve, closeAll } = servers();
  afterEach(closeAll);

  const start = (behaviour = WELL): Promise<string> => serve(plainRuntime().http(ratings(behaviour)));

  it('gives five and four stars', async () => {
    const response = await fetch(`${await start()}/ratings/0`);
    assert.equal(response.headers.get('content-type'), 'application/json');
    assert.equal(await response.text(), '{"id":0,"ratings":{"Reviewer1":5,"Reviewer2":4}}');
  });

  it('keeps what is posted, for that product alone', async () => {
    const address = await start();
    const posted = await fetch(`${address}/ratings/3`, { method: 'POST', body: '{"Reviewer1":1}' });
    assert.equal(posted.status, 200);
    assert.deepEqual(await posted.json(), { id: 3, ratings: { Reviewer1: 1 } });
    assert.deepEqual(await (await fetch(`${address}/ratings/3`)).json(), { id: 3, ratings: { Reviewer1: 1 } });
    assert.deepEqual(await (await fetch(`${address}/ratings/0`)).json(), { id: 0, ratings: { Reviewer1: 5, Reviewer2: 4 } });
  });

  it('refuses what is no number and what is no JSON', async () => {
    const address = await start();
    const word = await fetch(`${address}/ratings/three`);
    assert.deepEqual([word.status, await word.json()], [400, { error: 'please provide numeric product ID' }]);
    const broken = await fetch(`${address}/ratings/3`, { method: 'POST', body: '{' });
    assert.deepEqual([broken.status, await broken.json()], [400, { error: 'please provide valid ratings JSON' }]);
  });

  it('knows no other path', async () => {
    const response = await fetch(`${await start()}/stars`);
    assert.deepEqual([response.status, await response.text()], [404, '']);
  });

  it('says how it is', async () => {
    const well = await fetch(`${await start()}/health`);
    assert.deepEqual([well.status, await well.json()], [200, { status: 'Ratings is healthy' }]);
    const ill = await fetch(`${await start({ ...WELL, healthy: () => false })}/health`);
    assert.deepEqual([ill.status, await ill.json()], [500, { status: 'Ratings is not healthy' }]);
  });

  it('is unavailable when its behaviour says so', async () => {
    const response = await fetch(`${await start({ ...WELL, next: () => ({ unavailable: true, delayMs: 0 }) })}/ratings/0`);
    assert.deepEqual([response.status, await response.json()], [503, { error: 'Service unavailable' }]);
  });

  it('survives a caller that goes away while sending', async () => {
    const address = await start();
    await new Promise<void>((resolve) => {
      const half = request(`${address}/ratings/1`, { method: 'POST', headers: { 'content-length': 100 } });
      half.on('error', () => resolve());
      half.write('{', () => half.destroy(new Error('gone')));
    });
    assert.equal((await fetch(`${address}/ratings/0`)).status, 200);
  });
});

describe('behaviourOf', () => {
  it('fails half of the requests as v-faulty', () => {
    const chances = [0.1, 0.9, 0.49, 0.5];
    const faulty = behaviourOf('v-faulty', { random: () => chances.shift() as number });
    assert.deepEqual(
      [1, 2, 3, 4].map(() => faulty.next().unavailable),
      [true, false, true, false],
    );
  });

  it('delays half of the requests by seven seconds as v-delayed', () => {
    const chances = [0.1, 0.9];
    const delayed = behaviourOf('v-delayed', { random: () => chances.shift() as number });
    assert.deepEqual([delayed.next().delayMs, delayed.next().delayMs], [7_000, 0]);
  });

  it('is away every other minute as v-unavailable, and healthy all the while', () => {
    let now = 1_000;
    const behaviour = behaviourOf('v-unavailable', { now: () => now });
    const seen = [0, 59_999, 60_000, 119_999, 120_000].map((elapsed) => {
      now = 1_000 + elapsed;
      return behaviour.next().unavailable;
    });
    assert.deepEqual(seen, [false, false, true, true, false]);
    assert.equal(behaviour.healthy(), true);
  });

  it('is ill every other quarter of an hour as v-unhealthy, and says so', () => {
    let now = 0;
    const behaviour = behaviourOf('v-unhealthy', { now: () => now });
    assert.equal(behaviour.healthy(), true);
    now = 15 * 60_000;
    assert.deepEqual([behaviour.healthy(), behaviour.next().unavailable], [false, true]);
  });

  it('refuses the versions that keep ratings in a database', () => {
    assert.throws(() => behaviourOf('v2'), /no ratings v2 here; set SERVICE_VERSION to v1/);
  });
});
