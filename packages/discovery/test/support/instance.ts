import type { InstanceDescription } from '../../src/registry.ts';

export function instance(part: Partial<InstanceDescription> = {}): InstanceDescription {
  return {
    instance: 'reviews-v2-3f9a01',
    service: 'reviews',
    namespace: 'default',
    labels: { app: 'reviews', version: 'v2', 'app.kubernetes.io/name': 'reviews=x' },
    workload: 'reviews-v2',
    serviceAccount: 'bookinfo-reviews',
    address: '127.0.0.1',
    port: 41_001,
    servicePort: 9080,
    portName: 'http',
    tls: 'mutual',
    protocols: ['http/1.1'],
    weight: 3,
    locality: 'eu/a/1',
    admin: '127.0.0.1:15020',
    ...part,
  };
}
