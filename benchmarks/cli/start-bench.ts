import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@lateen/core';

const SERVICE = `apiVersion: v1
kind: Service
metadata: {name: shop}
spec: {selector: {app: shop}, ports: [{name: http, port: 80}]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: shop}
spec:
  hosts: [shop]
  http: [{route: [{destination: {host: shop}}]}]
`;

/** How long `lateen analyze` of a small file takes from start to end, built, ms: the median of `times` runs. */
export function benchStart(times: number): number {
  const folder = mkdtempSync(join(tmpdir(), 'lateen-start-'));
  const bin = join(import.meta.dirname, '../../packages/cli/bin/lateen-cli.js');
  try {
    const file = join(folder, 'shop.yaml');
    writeFileSync(file, SERVICE);
    const runs = Array.from({ length: times }, () => {
      const before = systemClock.now();
      execFileSync(process.execPath, [bin, 'analyze', file], { stdio: 'pipe' });
      return systemClock.now() - before;
    });
    return runs.sort((left, right) => left - right)[Math.floor(times / 2)] as number;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
