import assert from 'node:assert/strict';
import { decideSettings } from '../src/settings.ts';

describe('decideSettings', () => {
  it('passes through when nobody asked for a mesh', () => {
    const settings = decideSettings({ service: 'shop' }, {});
    assert.equal(settings.passThrough, true);
    assert.equal(settings.mtls, 'DISABLE');
    assert.equal(settings.workload, 'shop');
    assert.match(settings.instance, /^shop-[0-9a-f]{6}$/);
  });

  it('takes configuration, discovery and identity from lateend once control is set', () => {
    const settings = decideSettings({ service: 'reviews', version: 'v2', control: 'https://127.0.0.1:15012' }, {});
    assert.equal(settings.passThrough, false);
    assert.equal(settings.config, 'lateend');
    assert.deepEqual(settings.discovery, ['static', 'lateend']);
    assert.equal(settings.mtls, 'STRICT');
    assert.deepEqual(settings.labels, { app: 'reviews', version: 'v2' });
    assert.equal(settings.workload, 'reviews-v2');
  });

  it('takes certificates alone from a ca, and no configuration or endpoints', () => {
    const settings = decideSettings(
      { service: 'reviews', ca: 'https://127.0.0.1:15012', discovery: 'consul', config: './mesh' },
      {},
    );
    assert.equal(settings.control, 'https://127.0.0.1:15012');
    assert.equal(settings.config, './mesh');
    assert.deepEqual(settings.discovery, ['static', 'consul']);
    assert.equal(settings.mtls, 'STRICT');
    assert.equal(decideSettings({ service: 's', ca: 'https://127.0.0.1:15012' }, {}).config, undefined);
  });

  it('lets an option win over its variable, and undefined over nothing', () => {
    const environment = { LATEEN_SERVICE: 'a', LATEEN_NAMESPACE: 'shop' };
    const settings = decideSettings({ service: 'b', namespace: undefined as never }, environment);
    assert.equal(settings.service, 'b');
    assert.equal(settings.namespace, 'shop');
  });

  it('finds the service name in the nearest package.json', () => {
    assert.equal(decideSettings({}, {}).service, 'lateen-mesh');
  });

  it('reads the admin address in all its forms', () => {
    const admin = (value: string | number | false): unknown => decideSettings({ service: 's', admin: value }, {}).admin;
    assert.deepEqual(admin('0.0.0.0:9000'), { host: '0.0.0.0', port: 9000, exact: true });
    assert.deepEqual(admin('[::1]:9000'), { host: '::1', port: 9000, exact: true });
    assert.deepEqual(admin(0), { host: '127.0.0.1', port: 0, exact: true });
    assert.equal(admin(false), undefined);
    assert.throws(() => admin('here'), /no port/);
  });

  for (const [title, options, message] of [
    ['http2', { protocol: 'http2' }, /not available yet/],
    ['a token without a control plane', { identity: { tokenFile: 't' } }, /control is not set/],
    ['lateend discovery without one', { discovery: 'lateend' }, /control is not set/],
    ['mTLS without an identity', { mtls: 'STRICT', identity: false }, /needs an identity/],
    ['a plaintext control plane', { control: 'http://127.0.0.1:15012' }, /no https URL/],
    ['configuration from Consul', { config: 'consul' }, /not available yet/],
  ] as const) {
    it(`refuses ${title} with the mend`, () => {
      assert.throws(() => decideSettings({ service: 's', ...options } as never, {}), message);
    });
  }
});
