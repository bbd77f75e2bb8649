import assert from 'node:assert/strict';
import { KnownServices, protocolOf } from '../../src/registry/known-services.ts';
import { instance } from '../instance.ts';

describe('KnownServices', () => {
  it('learns each port once, in order', () => {
    const known = new KnownServices([]);
    assert.equal(known.learn(instance({ servicePort: 9090, portName: 'grpc-api' })), true);
    assert.equal(known.learn(instance()), true);
    assert.equal(known.learn(instance({ instance: 'another' })), false);
    assert.deepEqual(known.all(), [
      {
        service: 'reviews',
        namespace: 'default',
        ports: [
          { number: 9080, name: 'http', protocol: 'HTTP' },
          { number: 9090, name: 'grpc-api', protocol: 'GRPC' },
        ],
      },
    ]);
  });

  it('takes the newest name of a port', () => {
    const known = new KnownServices([]);
    known.learn(instance());
    assert.equal(known.learn(instance({ portName: 'tcp' })), true);
    assert.deepEqual(known.all()[0]?.ports, [{ number: 9080, name: 'tcp', protocol: 'TCP' }]);
  });

  it('describes a service with the identities that may serve it, and none where none was granted', () => {
    const known = new KnownServices([]);
    known.learn(instance());
    known.learn(instance({ service: 'ratings' }));
    const id = 'spiffe://cluster.local/ns/default/sa/bookinfo-reviews';
    const [reviews, ratings] = known.describe(new Map([['reviews.default', [id]]]));
    assert.equal(reviews?.host, 'reviews.default.svc.cluster.local');
    assert.deepEqual(reviews?.identities, [id]);
    assert.deepEqual(ratings?.identities, []);
  });
});

describe('protocolOf', () => {
  it('reads the part before the dash, and takes HTTP where it says nothing', () => {
    for (const [name, protocol] of [
      ['http', 'HTTP'],
      ['http2-x', 'HTTP2'],
      ['GRPC', 'GRPC'],
      ['tls', 'TLS'],
      ['web', 'HTTP'],
      ['', 'HTTP'],
    ]) {
      assert.equal(protocolOf(name as string), protocol);
    }
  });
});
