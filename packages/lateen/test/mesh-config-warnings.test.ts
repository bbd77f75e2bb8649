import assert from 'node:assert/strict';
import type { MeshConfig } from '@lateen/routing';
import { meshConfigWarnings } from '../src/mesh-config-warnings.ts';

describe('meshConfigWarnings', () => {
  it('names what has no effect, and nothing else', () => {
    const meshConfig = {
      pathNormalization: { normalization: 'NONE' },
      enableTracing: true,
      defaultConfig: { gatewayTopology: { numTrustedProxies: 1 }, concurrency: 2 },
    } as MeshConfig;
    assert.deepEqual(meshConfigWarnings(meshConfig), [
      'meshConfig.enableTracing has no effect inside a process',
      'meshConfig.defaultConfig.concurrency has no effect inside a process',
    ]);
  });
});
