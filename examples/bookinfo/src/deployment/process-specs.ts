import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { DeploymentOptions } from './options.ts';
import type { Ports } from './ports.ts';
import type { ProcessSpec } from './managed-process.ts';
import type { StateFolder } from './state-folder.ts';
import { WORKLOADS, type Workload } from './workloads.ts';

export interface SpecSources {
  readonly options: DeploymentOptions;
  readonly ports: Ports;
  readonly state: StateFolder;
}

const SERVICE = join(import.meta.dirname, '../service.js');
const lateendBin = (): string => binOf('@lateen/daemon', 'lateend');
const gatewayBin = (): string => binOf('@lateen/gateway', 'lateen-gateway');

export function lateendSpec({ options, ports, state }: SpecSources): ProcessSpec {
  const folder = join(state.path, 'lateend');
  return {
    name: 'lateend',
    command: [
      lateendBin(),
      ...['--state', folder, '--port', String(ports.lateend), '--admin-port', String(ports.lateendAdmin)],
      ...(options.lateendArguments ?? []),
    ],
    environment: options.environment ?? {},
    logFile: logFile(state, 'lateend'),
    readyUrl: `http://127.0.0.1:${ports.lateendAdmin}/readyz`,
    advice: 'If its state is the trouble, `npm run reset` forgets it.',
  };
}

/** One instance of a workload, or of the gateway, in the mesh. */
export function meshSpec(sources: SpecSources, name: string, workload: Workload | 'gateway', adminPort: number): ProcessSpec {
  const { state } = sources;
  const gateway = workload === 'gateway';
  return {
    name,
    command: gateway ? [gatewayBin()] : [SERVICE, workload.service],
    environment: {
      ...commonEnvironment(sources),
      ...(gateway ? GATEWAY_IDENTITY : identityOf(workload)),
      ...(gateway ? { LATEEN_PORT_OFFSET: String(sources.options.portOffset) } : serviceEnvironment(sources, name, workload)),
      LATEEN_TOKEN_FILE: tokenFile(state, name),
      LATEEN_STATE: join(state.of(name), 'state'),
      LATEEN_ADMIN: `127.0.0.1:${adminPort}`,
      ...sources.options.environment,
    },
    logFile: logFile(state, name),
    readyUrl: `http://127.0.0.1:${adminPort}/healthz/ready`,
  };
}

/** The services on plain Node: addresses are written down, and productpage knows one version of reviews. */
export function plainSpecs(sources: SpecSources): ProcessSpec[] {
  const { ports, options } = sources;
  const portOf = ({ service }: Workload, index: number): number =>
    service === 'productpage' ? ports.page : ports.firstPlain + index - 1;
  const addresses: Record<string, string> = {};
  WORKLOADS.forEach((workload, index) => {
    addresses[`${workload.service.toUpperCase()}_HOSTNAME`] = '127.0.0.1';
    addresses[`${workload.service.toUpperCase()}_SERVICE_PORT`] = String(portOf(workload, index)); // of reviews the last, v3, stays
  });
  return WORKLOADS.map((workload, index) => ({
    name: workload.name,
    command: [SERVICE, workload.service, '--no-mesh'],
    environment: {
      ...serviceEnvironment(sources, workload.name, workload),
      ...addresses,
      PORT: String(portOf(workload, index)),
      ...options.environment,
    },
    logFile: logFile(sources.state, workload.name),
    readyUrl: `http://127.0.0.1:${portOf(workload, index)}/health`,
  }));
}

/** Where a process finds its join token. */
export function tokenFile(state: StateFolder, name: string): string {
  return join(state.of(name), 'token');
}

const GATEWAY_IDENTITY = {
  LATEEN_SERVICE: 'gateway',
  LATEEN_SERVICE_ACCOUNT: 'bookinfo-gateway',
  LATEEN_LABELS: 'istio=ingressgateway',
};

function identityOf({ service, version, serviceAccount }: Workload): Record<string, string> {
  return { LATEEN_SERVICE: service, LATEEN_VERSION: version, LATEEN_SERVICE_ACCOUNT: serviceAccount };
}

function commonEnvironment({ options, ports, state }: SpecSources): Record<string, string> {
  return {
    LATEEN_NAMESPACE: 'default',
    LATEEN_CONTROL: `https://127.0.0.1:${ports.lateend}`,
    LATEEN_DRAIN_SECONDS: '10',
    ...(options.discovery === 'consul' ? { LATEEN_DISCOVERY: 'consul', LATEEN_CONSUL_URL: options.consulUrl } : {}),
    NODE_COMPILE_CACHE: join(state.path, 'compile-cache'),
  };
}

function serviceEnvironment(
  { state }: SpecSources,
  name: string,
  { version, environment, service }: Workload,
): Record<string, string> {
  return {
    PORT: '0',
    HOSTNAME: name,
    SERVICE_VERSION: version,
    ...environment,
    ...(service === 'productpage' ? { SESSION_SECRET: state.sessionSecret } : {}),
  };
}

function logFile(state: StateFolder, name: string): string {
  return join(state.path, 'logs', `${name}.log`);
}

/** The script behind a package's command, wherever npm put it. */
function binOf(packageName: string, bin: string): string {
  const manifest = createRequire(import.meta.url).resolve(`${packageName}/package.json`);
  const { bin: bins } = createRequire(import.meta.url)(manifest) as { bin: Record<string, string> };
  return join(dirname(manifest), bins[bin] as string);
}
