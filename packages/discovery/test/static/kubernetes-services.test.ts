import assert from 'node:assert/strict';
import type { Endpoint } from '@lateen/core';
import { kubernetesServices } from '../../src/static/kubernetes-services.ts';
import { staticServices } from '../../src/static/service-entries.ts';
import { staticEndpoints } from '../../src/static/static-endpoints.ts';
import { revisionOf } from '../support/revision.ts';

const from = (yaml: string, namespace = 'default') => kubernetesServices(revisionOf(yaml), namespace, 'cluster.local');

const service = (spec: string, metadata = ''): string =>
  `apiVersion: v1\nkind: Service\nmetadata: {name: web${metadata}}\nspec: ${spec}\n---\n`;
const deployment = (labels: string, spec: string, kind = 'Deployment'): string =>
  `apiVersion: apps/v1\nkind: ${kind}\nmetadata: {name: web-v1}\nspec: {template: {metadata: {labels: ${labels}}, spec: ${spec}}}\n---\n`;

function endpointsOf(yaml: string, port: number): readonly Endpoint[] {
  const found = staticServices(revisionOf(yaml), 'default', 'cluster.local').get('web.default.svc.cluster.local');
  return found ? staticEndpoints(found, port, () => ({ addresses: [], ready: true, staleSince: 0 })).endpoints : [];
}

describe('kubernetesServices', () => {
  it('name a host of the mesh with its ports, and leave it to a registry to know who serves there', () => {
    const [web] = from(service('{selector: {app: web}, ports: [{name: http, port: 8000, targetPort: 8080}]}'));
    assert.equal(web?.description.host, 'web.default.svc.cluster.local');
    assert.deepEqual(web?.description.ports, [{ number: 8000, name: 'http', protocol: 'HTTP' }]);
    assert.deepEqual([web?.description.location, web?.description.resolution], ['mesh', 'registry']);
    assert.deepEqual(web?.workloads, []);
  });

  it('speak what appProtocol says, else what the name of the port says; UDP is not for the mesh', () => {
    const [web] = from(
      service(
        '{ports: [{name: grpc-a, port: 1}, {name: http, port: 2, appProtocol: kubernetes.io/h2c}, {port: 3, appProtocol: tcp}, {port: 4}, {port: 5, protocol: UDP}]}',
      ),
    );
    assert.deepEqual(
      web?.description.ports.map(({ number, protocol }) => `${number} ${protocol}`),
      ['1 GRPC', '2 HTTP2', '3 TCP', '4 HTTP'],
    );
  });

  it('may be served by the service accounts of the pods that the selector means', () => {
    const yaml =
      service('{selector: {app: web}, ports: [{port: 80}]}') +
      deployment('{app: web, version: v1}', '{serviceAccountName: web}') +
      deployment('{app: web}', '{}', 'StatefulSet') +
      deployment('{app: other}', '{serviceAccountName: other}', 'DaemonSet') +
      'apiVersion: v1\nkind: Pod\nmetadata: {name: p, namespace: elsewhere, labels: {app: web}}\nspec: {serviceAccountName: far}\n';
    assert.deepEqual(from(yaml)[0]?.description.identities.toSorted(), [
      'spiffe://cluster.local/ns/default/sa/default',
      'spiffe://cluster.local/ns/default/sa/web',
    ]);
  });

  it('take a target port by the name that the containers give it', () => {
    const yaml =
      service('{selector: {app: web}, ports: [{name: http, port: 80, targetPort: web}]}') +
      deployment('{app: web}', '{containers: [{ports: [{name: web, containerPort: 8081}]}]}');
    assert.equal(from(yaml)[0]?.targetPorts.get(80), 8081);
  });

  it('are seen from where the exportTo annotation says', () => {
    const to = (value: string): string =>
      service('{ports: [{port: 80}]}', `, namespace: shop, annotations: {networking.istio.io/exportTo: "${value}"}`);
    const seen = (value: string, namespace: string): boolean => from(to(value), namespace).length === 1;
    assert.deepEqual(
      [seen('.', 'shop'), seen('.', 'default'), seen('~', 'shop'), seen('default, other', 'default')],
      [true, false, false, true],
    );
  });

  it('are dialled at the addresses of Endpoints and EndpointSlices', () => {
    const web = service('{ports: [{name: http, port: 80}]}');
    const endpoints =
      'apiVersion: v1\nkind: Endpoints\nmetadata: {name: web}\nsubsets: [{addresses: [{ip: 10.0.0.1}], ports: [{name: http, port: 8080}]}]\n---\n';
    const slice =
      'apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata: {name: web-x, labels: {kubernetes.io/service-name: web}}\naddressType: IPv4\nendpoints: [{addresses: [10.0.0.2]}]\nports: [{name: http, port: 8081}]\n';
    assert.deepEqual(
      endpointsOf(web + endpoints + slice, 80).map(({ key }) => key),
      ['10.0.0.1:8080', '10.0.0.2:8081'],
    );
  });

  it('are dialled at the WorkloadEntries that the selector means, with their accounts', () => {
    const yaml =
      service('{selector: {app: web}, ports: [{name: http, port: 80, targetPort: api}]}') +
      'apiVersion: networking.istio.io/v1\nkind: WorkloadEntry\nmetadata: {name: vm-1}\nspec: {address: 10.0.0.9, labels: {app: web}, ports: {api: 9000}, serviceAccount: vm}\n';
    assert.deepEqual(
      endpointsOf(yaml, 80).map(({ key, serviceAccount, workload }) => [key, serviceAccount, workload]),
      [['10.0.0.9:9000', 'vm', 'vm-1']],
    );
  });

  it('with an external name are looked up in DNS, outside the mesh', () => {
    const [web] = from(service('{type: ExternalName, externalName: api.example.com, ports: [{port: 80}]}'));
    assert.deepEqual([web?.description.location, web?.resolution], ['external', 'DNS']);
    assert.equal(web?.workloads[0]?.address, 'api.example.com');
  });
});
