import assert from 'node:assert/strict';
import { Cell, type Endpoint, type EndpointSet, NO_ENDPOINTS } from '@lateen/core';
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
  return setUpWith(FILES, ...known);
}

function setUpWith(files: string, ...known: ServiceDescription[]) {
  const services = new Cell<readonly ServiceDescription[]>(known);
  const revision = new Cell(revisionOf(files));
  const sets = new Map<string, Cell<EndpointSet>>();
  const registry: Registry = {
    name: 'fake',
    services,
    ready: new Cell(true),
    staleSince: new Cell(0),
    endpoints(host, port) {
      const key = `${host}:${port}`;
      const set = sets.get(key) ?? new Cell(NO_ENDPOINTS);
      sets.set(key, set);
      return set;
    },
    close: () => Promise.resolve(),
  };
  const named = withServicesOfFiles(registry, revision, { namespace: 'default' });
  /** Whom the registry knows at a host and port, by key and version. */
  const serve = (at: string, ...instances: readonly (readonly [key: string, version: string])[]): void => {
    const endpoints = instances.map(([key, version]) => ({ key, labels: { app: 'reviews', version } }) as unknown as Endpoint);
    const [host, port] = at.split(':') as [string, string];
    (registry.endpoints(host, Number(port)) as Cell<EndpointSet>).set({ endpoints, version: 1, ready: true, staleSince: 0 });
  };
  const keys = (host: string, port: number): string[] => named.endpoints(host, port).value.endpoints.map(({ key }) => key);
  return { services, revision, named, serve, keys };
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

  describe('of a host that only a Service names', () => {
    const REVIEWS = 'reviews.default.svc.cluster.local';
    const V1 = 'reviews-v1.default.svc.cluster.local';
    const versions = (labels: string, port = '{name: http, port: 9080}'): string =>
      `apiVersion: v1\nkind: Service\nmetadata: {name: reviews-v1}\nspec: {selector: ${labels}, ports: [${port}]}\n`;
    const reviews = (): ServiceDescription =>
      registered({ host: REVIEWS, name: 'reviews', ports: [{ number: 9080, name: 'http', protocol: 'HTTP' }] });

    it('gives the instances that its selector means, whatever they registered as', () => {
      const { serve, keys, services } = setUpWith(versions('{app: reviews, version: v1}'), reviews());
      serve(`${REVIEWS}:9080`, ['r1', 'v1'], ['r2', 'v2']);
      assert.deepEqual(keys(V1, 9080), ['r1']);
      serve(`${REVIEWS}:9080`, ['r2', 'v2'], ['r3', 'v1']);
      assert.deepEqual(keys(V1, 9080), ['r3']);
      services.set([]);
      assert.deepEqual(keys(V1, 9080), []);
      services.set([reviews()]);
      assert.deepEqual(keys(V1, 9080), ['r3']);
    });

    it('finds them by the target port', () => {
      const { serve, keys } = setUpWith(versions('{app: reviews}', '{name: http, port: 80, targetPort: 9080}'), reviews());
      serve(`${REVIEWS}:9080`, ['r1', 'v1']);
      assert.deepEqual(keys(V1, 80), ['r1']);
    });

    it('trusts those who may serve what was selected', () => {
      const { serve, named } = setUpWith(versions('{app: reviews, version: v1}'), reviews());
      const identities = (): readonly string[] | undefined => named.services.value.find(({ host }) => host === V1)?.identities;
      assert.deepEqual(identities(), []);
      serve(`${REVIEWS}:9080`, ['r1', 'v1']);
      assert.deepEqual(identities(), ['spiffe://cluster.local/ns/default/sa/granted']);
    });

    it('leaves the host to the registry as soon as somebody registers it', () => {
      const { serve, keys, services } = setUpWith(versions('{app: reviews}'), reviews());
      serve(`${REVIEWS}:9080`, ['r1', 'v1']);
      assert.deepEqual(keys(V1, 9080), ['r1']);
      serve(`${V1}:9080`, ['own', 'v1']);
      services.set([reviews(), registered({ host: V1, ports: [{ number: 9080, name: 'http', protocol: 'HTTP' }] })]);
      assert.deepEqual(keys(V1, 9080), ['own']);
    });
  });
});
