import assert from 'node:assert/strict';
import { EMPTY_REVISION } from '@lateen/resources';
import { formatWatchQuery, parseWatchLine, parseWatchQuery, type WatchMessage, type WatchQuery } from '../../src/wire.ts';
import { instance } from '../instance.ts';

const bundle = { trustDomain: 'cluster.local', jwks: { keys: [] } };
const service = {
  host: 'reviews.default.svc.cluster.local',
  name: 'reviews',
  namespace: 'default',
  ports: [{ number: 9080, name: 'http', protocol: 'HTTP' }],
  location: 'mesh',
  resolution: 'registry',
  identities: ['spiffe://cluster.local/ns/default/sa/bookinfo-reviews'],
} as const;

const MESSAGES: readonly WatchMessage[] = [
  {
    type: 'snapshot',
    time: 1.5,
    settling: true,
    registryVersion: 3,
    services: [{ ...service, origin: undefined }],
    instances: [instance()],
    bundle,
    revision: EMPTY_REVISION,
  },
  { type: 'registry', registryVersion: 4, upserted: [], removed: ['default/reviews-v1-000001/9080'], acknowledge: true },
  { type: 'settled' },
  { type: 'revision', revision: { ...EMPTY_REVISION, number: 7 } },
  { type: 'bundle', bundle },
  { type: 'heartbeat', time: 2 },
];

describe('parseWatchLine', () => {
  for (const message of MESSAGES) {
    it(`reads a ${message.type} as it was written`, () => {
      assert.equal(JSON.stringify(parseWatchLine(JSON.stringify(message))), JSON.stringify(message));
    });
  }

  it('passes over messages of a newer lateend', () => {
    assert.equal(parseWatchLine('{"type":"bans","ids":[]}'), undefined);
    assert.equal(parseWatchLine('{"type":"toString"}'), undefined);
  });

  it('refuses what is no message', () => {
    assert.throws(() => parseWatchLine('{"type":"revision","revision":{"number":-1}}'), /revision\.number must be/);
    assert.throws(() => parseWatchLine('[]'), /type must be text/);
    assert.throws(() => parseWatchLine('{'), /must be JSON/);
  });
});

describe('parseWatchQuery', () => {
  it('reads what formatWatchQuery wrote', () => {
    const query: WatchQuery = {
      instance: 'reviews-v1-1',
      service: 'reviews',
      workload: 'reviews-v1',
      adminAddress: '[::1]:15020',
      followsConfig: false,
      time: 1234.5,
    };
    assert.deepEqual(parseWatchQuery(new URLSearchParams(formatWatchQuery(query))), query);
  });

  it('needs an instance and a time', () => {
    assert.throws(() => parseWatchQuery(new URLSearchParams('time=1')), /instance must be given/);
    assert.throws(() => parseWatchQuery(new URLSearchParams('instance=a&time=now')), /time must be a number/);
  });
});
