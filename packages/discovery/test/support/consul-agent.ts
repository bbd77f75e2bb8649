import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** The real binary; see CONTRIBUTING on how it is installed. */
export const CONSUL = join(process.env['COMPONENTS_DIR'] ?? join(homedir(), '.cache/lateen-components'), 'bin/consul');

/** Why the tests against a real Consul can't run here; undefined when they can. */
export const missingConsul: string | undefined = existsSync(CONSUL) ? undefined : `there is no Consul at ${CONSUL}`;

/** A `consul agent -dev` on free ports. Stopped hard and started again it has forgotten everything and listens where it did. */
export class ConsulAgent {
  readonly #ports: readonly number[];
  #process: ChildProcess | undefined;

  static async start(): Promise<ConsulAgent> {
    const agent = new ConsulAgent(await freePorts(3));
    await agent.start();
    return agent;
  }

  private constructor(ports: readonly number[]) {
    this.#ports = ports;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#ports[0]}`;
  }

  async start(): Promise<void> {
    const [http, serf, server] = this.#ports;
    const off = ['-dns-port', '-grpc-port', '-grpc-tls-port', '-serf-wan-port'].flatMap((flag) => [flag, '-1']);
    const ports = ['-http-port', `${http}`, '-serf-lan-port', `${serf}`, '-server-port', `${server}`];
    const args = ['agent', '-dev', '-bind', '127.0.0.1', '-client', '127.0.0.1', '-disable-host-node-id', '-log-level', 'error'];
    this.#process = spawn(CONSUL, [...args, ...off, ...ports], { stdio: 'ignore' });
    for (let left = 200; left > 0; left--) {
      if (await this.#ready()) return;
      await delay(50);
    }
    throw new Error(`Consul did not start at ${this.url}`);
  }

  async kill(): Promise<void> {
    const agent = this.#process;
    this.#process = undefined;
    if (!agent || agent.exitCode !== null) return;
    agent.kill('SIGKILL');
    await once(agent, 'exit');
  }

  async put(path: string, body?: object): Promise<void> {
    const response = await fetch(`${this.url}/v1${path}`, { method: 'PUT', ...(body ? { body: JSON.stringify(body) } : {}) });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  }

  async get(path: string): Promise<unknown> {
    return (await fetch(`${this.url}/v1${path}`)).json();
  }

  /** A server with a leader and its own node in the catalog: before that registrations are lost. */
  async #ready(): Promise<boolean> {
    const nodes = await this.get('/health/service/consul?passing').catch(() => []);
    return Array.isArray(nodes) && nodes.length > 0;
  }
}

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
