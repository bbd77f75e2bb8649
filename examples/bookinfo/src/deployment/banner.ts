import { relative } from 'node:path';
import type { Deployment } from './deployment.ts';
import type { DeploymentOptions } from './options.ts';

const MESH = 'examples/bookinfo/mesh';

/** What a person reads when the page answers. */
export function banner(deployment: Deployment, options: DeploymentOptions, elapsedMs: number): string {
  const { processes, pageUrl, ports, resources } = deployment;
  const logs = shortest(`${options.stateDir}/logs`);
  const rows = [...processes.values()].map(
    ({ name, pid, spec }) => `  ${name.padEnd(17)}${String(pid).padEnd(9)}${new URL(spec.readyUrl).origin}`,
  );
  const lines = [
    '',
    `Bookinfo runs ${options.mesh ? 'on Lateen, every hop mTLS' : 'without Lateen'} (${(elapsedMs / 1_000).toFixed(1)} s)`,
    '',
    `  page             ${pageUrl}`,
    ...(options.mesh ? [`  lateend          https://127.0.0.1:${ports.lateend}`] : []),
    ...(options.discovery === 'consul' ? [`  Consul           ${options.consulUrl}`] : []),
    `  logs             ${logs}`,
    '',
    `  process          pid      ${options.mesh ? 'admin' : 'address'}`,
    ...rows,
    '',
    ...(options.mesh
      ? firstSteps(resources)
      : ['productpage calls reviews v3: without a mesh somebody has to write down which.']),
    '',
    'Ctrl-C drains and stops everything.',
    '',
  ];
  return lines.join('\n');
}

function firstSteps(resources: string): string[] {
  return [
    resources,
    '',
    'First steps: reload the page (v1 has no stars, v2 black ones, v3 red ones), then',
    `  npx lateen apply -f ${MESH}/virtual-service-all-v1.yaml            everyone gets v1`,
    `  npx lateen apply -f ${MESH}/virtual-service-reviews-test-v2.yaml   sign in as jason for v2`,
    `  npx lateen apply -f ${MESH}/virtual-service-reviews-50-v3.yaml     half of all pages get v3`,
    '  npx lateen status                                                              who runs what',
  ];
}

/** Relative to where the command was typed, unless that leads out of there. */
function shortest(path: string): string {
  const relativePath = relative(process.env['INIT_CWD'] ?? process.cwd(), path);
  return relativePath.startsWith('..') ? path : relativePath;
}
