import assert from 'node:assert/strict';
import { Cell, NO_ENDPOINTS } from '@lateen/core';
import type { Registry, ServiceDescription } from '../../src/registry.ts';
import { withServicesOfFiles } from '../../src/static/with-services-of-files.ts';
import { revisionOf } from '../support/revision.ts';

const HOST = 'web.default.svc.cluster.local';
const FILES = `
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{name: http, port: 80}, {name: grpc, port: 81}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec: {template: {metadata: {labels: {app: web}}, spec: {serviceAccountName: web}}}
`;

function setUp(...known: ServiceDescription[]) {
  const services = new Cell<readonly ServiceDescription[]>(known);
  const revision = new Cell(revisionOf(FILES));
  const registry: Registry = {
    name: 'fake',
    services,
    ready: new Cell(true),
    staleSince: new Cell(0),
    endpoints: () => new Cell(NO_ENDPOINTS),
    close: () => Promise.resolve(),
  };
  return { services, revision, named: withServicesOfFiles(registry, revision, { namespace: 'default' }) };
}

function registered(part: Partial<ServiceDescription> = {}): ServiceDescription {
  return {
    host: HOST,
    name: 'web',
    namespace: 'default',
    ports: [{ number: 80, name: 'http', protocol: 'HTTP' }],
    location: 'mesh',
    resolution: 'registry',
    identities: ['spiffe://cluster.local/ns/default/sa/granted'],
    origin: undefined,
    ...part,
  };
}

describe('withServicesOfFiles', () => {
  it('knows a host before anybody has registered there', () => {
    const { named } = setUp();
    assert.deepEqual(
      named.services.value.map(({ host }) => host),
      [HOST],
    );
  });

  it('adds the ports of the Service, and leaves who may serve to the registry', () => {
    const { named } = setUp(registered());
    const [web, ...others] = named.services.value;
    assert.deepEqual(others, []);
    assert.deepEqual(
      web?.ports.map(({ number, protocol }) => `${number} ${protocol}`),
      ['80 HTTP', '81 GRPC'],
    );
    assert.deepEqual(web?.identities, ['spiffe://cluster.local/ns/default/sa/granted']);
  });

  it('names the accounts of the files where the registry has granted nobody', () => {
    const { named } = setUp(registered({ identities: [] }));
    assert.deepEqual(named.services.value[0]?.identities, ['spiffe://cluster.local/ns/default/sa/web']);
  });

  it('does not touch what a ServiceEntry says of the host', () => {
    const entry = registered({ resolution: 'static', identities: [] });
    assert.deepEqual(setUp(entry).named.services.value, [entry]);
  });

  it('tells of a change only when the Services have changed', () => {
    const { named, revision } = setUp();
    let told = 0;
    named.services.subscribe(() => told++);
    revision.set({ ...revision.value, number: 2 });
    assert.equal(told, 0);
    revision.set(revisionOf(FILES.replace('port: 81', 'port: 82')));
    assert.equal(told, 1);
    assert.deepEqual(
      named.services.value[0]?.ports.map(({ number }) => number),
      [80, 82],
    );
  });
});
