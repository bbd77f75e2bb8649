import assert from 'node:assert/strict';
import { gatewayPorts } from '../src/gateway-ports.ts';
import { gatewayYaml, revisionOf } from './support.ts';

const GATEWAY = { namespace: 'istio-system', labels: { app: 'gateway', istio: 'ingressgateway' } };

describe('gatewayPorts', () => {
  it('joins the Gateways of one port that select this workload', () => {
    const revision = revisionOf(
      gatewayYaml('b', [8080]),
      gatewayYaml('a', [9090, 8080]),
      gatewayYaml('c', [7070], 'istio: egressgateway'),
    );
    assert.deepEqual(
      gatewayPorts(revision, GATEWAY).map(({ port, gateways }) => [port, gateways]),
      [
        [8080, ['default/a', 'default/b']],
        [9090, ['default/a']],
      ],
    );
  });

  it('takes a Gateway without selector for every gateway’s', () => {
    assert.equal(gatewayPorts(revisionOf(gatewayYaml('all', [8080], '')), { namespace: 'istio-system', labels: {} }).length, 1);
  });

  it('tells where the server stands', () => {
    assert.match(gatewayPorts(revisionOf(gatewayYaml('a', [8080])), GATEWAY)[0]?.place ?? '', /^mesh\/test\.yaml:\d+$/);
  });
});
