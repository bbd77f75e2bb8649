import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, openSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { freshFolder, WORK } from './bookinfo.ts';
import { pause } from './load.ts';

/** The real servers that checks talk to; `.ci/components` installs them. */
export type Component = 'consul' | 'jaeger' | 'zipkin' | 'prometheus' | 'promtool' | 'chromium';

const FOLDER = process.env['COMPONENTS_DIR'] ?? join(homedir(), '.cache/lateen-components');

const PLACES: Readonly<Record<Component, readonly string[]>> = {
  consul: [join(FOLDER, 'bin/consul')],
  jaeger: [join(FOLDER, 'bin/jaeger')],
  zipkin: [join(FOLDER, 'zipkin.jar')],
  prometheus: [onPath('prometheus')],
  promtool: [onPath('promtool')],
  chromium: [onPath('chromium'), onPath('google-chrome')],
};

/** Where a component is, undefined when it is not here. */
export function find(component: Component): string | undefined {
  const place = PLACES[component].find((path) => path !== '' && existsSync(path));
  if (component === 'zipkin' && onPath('java') === '') return undefined;
  return place;
}

function onPath(name: string): string {
  return (
    (process.env['PATH'] ?? '')
      .split(':')
      .map((folder) => join(folder, name))
      .find(existsSync) ?? ''
  );
}

export interface RunningComponent {
  readonly url: string;
  kill(): Promise<void>;
}

/** A Consul agent in dev mode: nothing of it outlives it. */
export async function startConsul(httpPort: number): Promise<RunningComponent> {
  const ports = ['-server-port', '-serf-lan-port', '-serf-wan-port', '-grpc-tls-port'].flatMap((flag, index) => [
    flag,
    String(httpPort + 1 + index),
  ]);
  const off = ['-dns-port', '-1', '-grpc-port', '-1'];
  const command = [
    'agent',
    '-dev',
    '-bind',
    '127.0.0.1',
    '-client',
    '127.0.0.1',
    '-http-port',
    String(httpPort),
    ...ports,
    ...off,
  ];
  const url = `http://127.0.0.1:${httpPort}`;
  return run('consul', find('consul') as string, command, {}, url, async () =>
    (await text(`${url}/v1/status/leader`)).includes(':'),
  );
}

/** OTLP over HTTP on `otlpPort`; `url` is the query API. */
export async function startJaeger(otlpPort: number): Promise<RunningComponent> {
  const port = (offset: number): string => `127.0.0.1:${otlpPort + offset}`;
  const flags = [
    `--collector.otlp.http.host-port=${port(0)}`,
    `--query.http-server.host-port=${port(1)}`,
    `--admin.http.host-port=${port(2)}`,
    `--collector.otlp.grpc.host-port=${port(3)}`,
    `--collector.http-server.host-port=${port(4)}`,
    `--collector.grpc-server.host-port=${port(5)}`,
    `--query.grpc-server.host-port=${port(6)}`,
    `--http-server.host-port=${port(7)}`,
    `--processor.jaeger-binary.server-host-port=${port(8)}`,
    `--processor.jaeger-compact.server-host-port=${port(9)}`,
    `--processor.zipkin-compact.server-host-port=${port(10)}`,
  ];
  const url = `http://${port(1)}`;
  const environment = { COLLECTOR_OTLP_ENABLED: 'true' };
  return run(
    'jaeger',
    find('jaeger') as string,
    flags,
    environment,
    url,
    async () => (await status(`http://${port(2)}/`)) === 200,
  );
}

export async function startZipkin(httpPort: number): Promise<RunningComponent> {
  const url = `http://127.0.0.1:${httpPort}`;
  const environment = { QUERY_PORT: String(httpPort), SERVER_ADDRESS: '127.0.0.1', SELF_TRACING_ENABLED: 'false' };
  return run(
    'zipkin',
    onPath('java'),
    ['-Xmx256m', '-jar', find('zipkin') as string],
    environment,
    url,
    async () => (await status(`${url}/health`)) === 200,
  );
}

export async function startPrometheus(httpPort: number, configFile: string): Promise<RunningComponent> {
  const url = `http://127.0.0.1:${httpPort}`;
  const data = freshFolder('prometheus-data');
  const flags = ['--config.file', configFile, '--storage.tsdb.path', data, '--web.listen-address', `127.0.0.1:${httpPort}`];
  return run('prometheus', find('prometheus') as string, flags, {}, url, async () => (await status(`${url}/-/ready`)) === 200);
}

/** Istio measures in milliseconds, so Lateen's own does beside it; it is the one thing promtool has against them. */
const MILLISECONDS = /^\w+_duration_milliseconds use base unit "seconds" instead of "milliseconds"\n/gm;

/** What `promtool check metrics` has to say about an exposition, beside Istio's choice of a unit; empty when it is content. */
export function promtoolCheck(exposition: string): string {
  const { stdout, stderr, status } = spawnSync(find('promtool') as string, ['check', 'metrics'], {
    input: exposition,
    encoding: 'utf8',
  });
  return status === 0 ? '' : `${stdout}${stderr}`.replace(MILLISECONDS, '');
}

async function run(
  name: Component,
  command: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
  url: string,
  isUp: () => Promise<boolean>,
): Promise<RunningComponent> {
  const log = openSync(join(WORK, `${name}.log`), 'a');
  const child = spawn(command, args, { cwd: WORK, env: { ...process.env, ...environment }, stdio: ['ignore', log, log] });
  running.add(child);
  child.once('exit', () => running.delete(child));
  for (let waitedMs = 0; waitedMs < 60_000; waitedMs += 100) {
    if (child.exitCode !== null) throw new Error(`${name} ended with ${child.exitCode}; see ${join(WORK, `${name}.log`)}`);
    if (await isUp().catch(() => false)) return { url, kill: () => killed(child) };
    await pause(100);
  }
  await killed(child);
  throw new Error(`${name} does not answer at ${url}`);
}

const running = new Set<ChildProcess>();
process.once('exit', () => running.forEach((child) => child.kill('SIGKILL')));

function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGKILL');
  });
}

async function status(url: string): Promise<number> {
  return (await fetch(url)).status;
}

async function text(url: string): Promise<string> {
  return (await fetch(url)).text();
}
