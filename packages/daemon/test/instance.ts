import type { InstanceDescription } from '@lateen/discovery';

/** An instance of `reviews` with what a test wants different. */
export function instance(overrides: Partial<InstanceDescription> = {}): InstanceDescription {
  return {
    instance: 'reviews-v1-000001',
    service: 'reviews',
    namespace: 'default',
    labels: { app: 'reviews', version: 'v1' },
    workload: 'reviews-v1',
    serviceAccount: 'bookinfo-reviews',
    address: '127.0.0.1',
    port: 41_001,
    servicePort: 9080,
    portName: 'http',
    tls: 'mutual',
    protocols: ['http/1.1'],
    weight: 1,
    locality: '',
    admin: '127.0.0.1:15020',
    ...overrides,
  };
}
