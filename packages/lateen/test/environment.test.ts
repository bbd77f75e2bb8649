import assert from 'node:assert/strict';
import { optionsFromEnvironment } from '../src/environment.ts';

describe('optionsFromEnvironment', () => {
  it('reads every kind of variable', () => {
    const { options, warnings } = optionsFromEnvironment({
      LATEEN_SERVICE: 'reviews',
      OTEL_SERVICE_NAME: 'other',
      LATEEN_VERSION: 'v2',
      LATEEN_LABELS: 'tier=back, team=books',
      LATEEN_DISCOVERY: 'consul,static',
      LATEEN_CONSUL_URL: 'http://consul:8500',
      LATEEN_DRAIN_SECONDS: '5',
      LATEEN_ADMIN: 'false',
      LATEEN_ENABLED: 'no',
      LATEEN_TOKEN_FILE: '/run/token',
    });
    assert.deepEqual(warnings, []);
    assert.deepEqual(options, {
      service: 'reviews',
      version: 'v2',
      labels: { tier: 'back', team: 'books' },
      discovery: ['consul', 'static'],
      consul: { url: 'http://consul:8500' },
      drainTimeoutMs: 5_000,
      admin: false,
      enabled: false,
      identity: { tokenFile: '/run/token' },
    });
  });

  it('warns of a misspelt variable with the nearest name', () => {
    const { warnings } = optionsFromEnvironment({ LATEEN_SERVCE: 'x', OTHER: 'y' });
    assert.equal(warnings.length, 1);
    assert.match(warnings[0] as string, /LATEEN_SERVCE .* did you mean LATEEN_SERVICE\?/);
  });

  for (const [name, value, accepted] of [
    ['LATEEN_MTLS', 'strict', /STRICT, PERMISSIVE, DISABLE/],
    ['LATEEN_LABELS', 'nonsense', /pairs like/],
    ['LATEEN_DRAIN_SECONDS', 'soon', /number of seconds/],
    ['LATEEN_ENABLED', 'maybe', /true or false/],
    ['LATEEN_DISCOVERY', 'zookeeper', /lateend, consul, dns, static/],
  ] as const) {
    it(`refuses ${name}=${value} and says what it takes`, () => {
      assert.throws(
        () => optionsFromEnvironment({ [name]: value }),
        (error: Error & { code?: string }) => {
          assert.equal(error.code, 'LATEEN_BAD_OPTION');
          assert.match(error.message, new RegExp(name));
          assert.match(error.message, accepted);
          return true;
        },
      );
    });
  }
});
