import assert from 'node:assert/strict';
import { formatFinding, parseResources, resourcesOfKind } from '@lateen/resources';

const parse = (text: string) => parseResources(text, { file: 'a.yaml', defaultNamespace: 'default' });

const APPLICATION = `
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {istio-injection: enabled}}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: cart, namespace: shop}
---
apiVersion: v1
kind: Service
metadata: {name: cart, namespace: shop, creationTimestamp: null}
spec:
  selector: {app: cart}
  sessionAffinity: None
  ports: [{name: http, port: 8000, targetPort: web}]
status: {loadBalancer: {}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: cart-v1, namespace: shop}
spec:
  replicas: 1
  template:
    metadata: {labels: {app: cart, version: v1}}
    spec:
      serviceAccountName: cart
      containers: [{name: cart, image: registry/cart, ports: [{name: web, containerPort: 8080}]}]
`;

describe('KUBERNETES_KINDS', () => {
  it('are taken without a word, with everything that is none of the mesh’s business', () => {
    const parsed = parse(APPLICATION);
    assert.deepEqual(parsed.findings, []);
    const [service] = resourcesOfKind(parsed, 'Service');
    assert.deepEqual(service?.spec.ports, [{ name: 'http', port: 8000, targetPort: 'web' }]);
    const [deployment] = resourcesOfKind(parsed, 'Deployment');
    assert.equal(deployment?.spec.template?.spec?.serviceAccountName, 'cart');
    assert.equal(deployment?.origin.line, 19);
  });

  it('belong to no namespace where Kubernetes has them in none', () => {
    assert.equal(resourcesOfKind(parse(APPLICATION), 'Namespace')[0]?.metadata.namespace, '');
  });

  it('have what stands beside metadata as spec, where Kubernetes has none', () => {
    const parsed = parse('apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {mesh: "x"}\n');
    assert.deepEqual(resourcesOfKind(parsed, 'ConfigMap')[0]?.spec, { data: { mesh: 'x' } });
  });

  it('are checked as far as they are read, by line', () => {
    const text = 'apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec:\n  ports:\n    - name: http\n      port: web\n';
    assert.deepEqual(parse(text).findings.map(formatFinding), [
      'Error [IST0106] (Service default/a a.yaml:7) port must be an integer, not a string',
    ]);
  });

  it('never tell what a Secret holds', () => {
    const text =
      'apiVersion: v1\nkind: Secret\nmetadata: {name: a}\ndata: {pin: 31415926, old: 0271828}\nstringData: {list: [topsecret]}\n';
    const told = parse(text).findings.map(formatFinding).join('\n');
    assert.match(told, /pin must be a string/);
    assert.doesNotMatch(told, /31415926|271828|topsecret/);
  });

  it('are known by their group: another Service is not this one', () => {
    const parsed = parse('apiVersion: serving.knative.dev/v1\nkind: Service\nmetadata: {name: a}\n');
    assert.deepEqual(resourcesOfKind(parsed, 'Service'), []);
    assert.deepEqual(
      parsed.findings.map(({ code, level }) => [code, level]),
      [['LTN0004', 'Info']],
    );
  });
});
