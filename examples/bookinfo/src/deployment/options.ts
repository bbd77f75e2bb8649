import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { StartError } from './start-error.ts';
import { WORKLOADS } from './workloads.ts';

/** What `npm start` can be told. */
export interface DeploymentOptions {
  /** False: the services alone, on plain Node. */
  readonly mesh: boolean;
  readonly discovery: 'lateend' | 'consul';
  readonly consulUrl: string;
  /** Folder of Istio YAML applied instead of the example's own first resources. */
  readonly configDir: string | undefined;
  /** Processes per workload, by `reviews-v2`; one where nothing is said. */
  readonly instances: ReadonlyMap<string, number>;
  /** Added to every port. */
  readonly portOffset: number;
  /** Where everything that outlives a run is kept. */
  readonly stateDir: string;
  /** Set for every process on top of the environment of this one. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Further arguments of lateend. */
  readonly lateendArguments?: readonly string[];
}

export const DEFAULTS: DeploymentOptions = {
  mesh: true,
  discovery: 'lateend',
  consulUrl: 'http://127.0.0.1:8500',
  configDir: undefined,
  instances: new Map(),
  portOffset: 0,
  stateDir: join(import.meta.dirname, '../../.state'),
};

export const USAGE = `npm start -- [options]
  --discovery consul      find the services in Consul instead of lateend
  --consul-url URL        Consul's address (${DEFAULTS.consulUrl})
  --config DIR            start with the resources of this folder
  --instances NAME=N      N processes of a workload (reviews-v2=3) or of each version of a service (reviews=2); repeatable
  --port-offset N         add N to every port
  --state DIR             keep state elsewhere (examples/bookinfo/.state)
  --no-mesh               the same services without Lateen`;

/** @throws {StartError} naming the argument and what would be accepted. */
export function parseOptions(argv: readonly string[], cwd = process.cwd()): DeploymentOptions {
  const { values } = parse(argv);
  const { discovery = 'lateend', config, state } = values;
  const mesh = !values['no-mesh'];
  if (discovery !== 'lateend' && discovery !== 'consul')
    throw usage(`--discovery ${discovery} is not known; write lateend or consul`);
  if (values['consul-url'] !== undefined && discovery !== 'consul') throw usage('--consul-url needs --discovery consul');
  if (!mesh && (discovery !== 'lateend' || config !== undefined || values.instances)) {
    throw usage('--no-mesh leaves nobody to discover, configure or balance; drop it, or --discovery, --config and --instances');
  }
  return {
    ...DEFAULTS,
    mesh,
    discovery,
    consulUrl: values['consul-url'] ?? DEFAULTS.consulUrl,
    configDir: config === undefined ? undefined : resolve(cwd, config),
    instances: parseInstances(values.instances ?? []),
    portOffset: parsePortOffset(values['port-offset'] ?? '0'),
    stateDir: state === undefined ? DEFAULTS.stateDir : resolve(cwd, state),
  };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        discovery: { type: 'string' },
        'consul-url': { type: 'string' },
        config: { type: 'string' },
        instances: { type: 'string', multiple: true },
        'port-offset': { type: 'string' },
        state: { type: 'string' },
        'no-mesh': { type: 'boolean' },
      },
    });
  } catch (error) {
    throw usage((error as Error).message);
  }
}

function parseInstances(given: readonly string[]): Map<string, number> {
  const instances = new Map<string, number>();
  for (const pair of given) {
    const [, name = '', digits = ''] = /^([\w-]+)=(\d+)$/.exec(pair) ?? [];
    const meant = WORKLOADS.filter((workload) => workload.name === name || workload.service === name);
    if (meant.length === 0) {
      throw usage(
        `--instances ${pair} is not understood; write NAME=N with one of ${WORKLOADS.map((workload) => workload.name).join(', ')}`,
      );
    }
    for (const workload of meant) instances.set(workload.name, Number(digits));
  }
  return instances;
}

function parsePortOffset(text: string): number {
  const offset = Number(text);
  if (!Number.isInteger(offset) || offset < 0 || offset > 40_000)
    throw usage(`--port-offset ${text} is not a number from 0 to 40000`);
  return offset;
}

function usage(problem: string): StartError {
  return new StartError(`${problem}\n\n${USAGE}`);
}
