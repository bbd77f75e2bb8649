import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type ConsulNaming, toInstance, toRegistration } from '../../src/consul/consul-instance.ts';
import type { ConsulServiceEntry } from '../../src/consul/health-entry.ts';
import { instance } from '../support/instance.ts';

const ID = 'spiffe://example.org/ns/books/sa/bookinfo-reviews';
const NAMING: ConsulNaming = { prefix: 'shop-', namespace: 'default' };

function listed(service: Partial<ConsulServiceEntry['Service']>): ConsulServiceEntry {
  return {
    Node: { Address: '10.0.0.9' },
    Service: { ID: 'id', Service: 'shop-web', Address: '', Port: 80, Meta: null, ...service },
    Checks: [],
  };
}

describe('toRegistration and toInstance', () => {
  it('carry labels, names and numbers there and back', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.stringMatching(/^[a-z][a-z0-9./-]{0,30}$/), fc.string({ maxLength: 60 }), { maxKeys: 20 }),
        fc.integer({ min: 1, max: 65_535 }),
        fc.integer({ min: 1, max: 1_000 }),
        (labels, servicePort, weight) => {
          const described = instance({ labels, servicePort, weight, namespace: 'books' });
          const { id, name, address, port, meta } = toRegistration(described, NAMING, ID, 15_000);
          const read = toInstance(listed({ ID: id, Service: name, Address: address, Port: port, Meta: meta }), NAMING);
          assert.deepEqual(read?.endpoint.labels, { ...labels });
          assert.equal(read?.host, 'reviews.books.svc.cluster.local');
          assert.equal(read?.servicePort, servicePort);
          assert.equal(read?.endpoint.weight, weight);
          assert.equal(read?.identity, ID);
          assert.ok(Object.keys(meta).every((key) => /^[A-Za-z0-9_-]{1,128}$/.test(key)));
        },
      ),
    );
  });
});

describe('toInstance', () => {
  it('makes plaintext endpoints of what others registered, at the address of the node where none is given', () => {
    const read = toInstance(listed({}), NAMING);
    assert.equal(read?.host, 'web.default.svc.cluster.local');
    assert.equal(read?.servicePort, 80);
    assert.equal(read?.endpoint.address, '10.0.0.9');
    assert.equal(read?.endpoint.tls, 'none');
    assert.equal(read?.identity, '');
  });

  it('believes no mTLS and no identity of what was not registered by Lateen', () => {
    const read = toInstance(listed({ Meta: { 'lateen-tls': 'mutual', 'lateen-identity': 'spiffe://a/b' } }), NAMING);
    assert.equal(read?.endpoint.tls, 'none');
    assert.equal(read?.identity, '');
  });

  it('leaves out what has no port, and other prefixes', () => {
    assert.equal(toInstance(listed({ Port: 0 }), NAMING), undefined);
    assert.equal(toInstance(listed({ Service: 'web' }), NAMING), undefined);
  });
});
