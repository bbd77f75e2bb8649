import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectControl, type ControlClient } from '@lateen/control';
import { silentLogger, systemClock, systemRandom } from '@lateen/core';
import { type Daemon, startDaemon } from '@lateen/daemon';
import { Terminal } from './terminal.ts';

/** A folder with a lateend in it, processes that join it, and a terminal that stands in it. `close()` ends and removes all. */
export class Mesh {
  readonly folder: string;
  readonly daemon: Daemon;
  readonly terminal: Terminal;
  readonly #closers: (() => Promise<unknown>)[] = [];

  private constructor(folder: string, daemon: Daemon) {
    this.folder = folder;
    this.daemon = daemon;
    this.terminal = new Terminal(folder);
  }

  static async start(): Promise<Mesh> {
    const folder = await mkdtemp(join(tmpdir(), 'lateen-cli-'));
    const daemon = await startDaemon({
      stateDir: join(folder, 'state'),
      port: 0,
      adminPort: false,
      pointerFile: join(folder, '.lateen', 'admin'),
      clock: systemClock,
      logger: silentLogger,
    });
    return new Mesh(folder, daemon);
  }

  write(name: string, text: string): Promise<void> {
    return writeFile(join(this.folder, name), text);
  }

  /** A process of `<service>-v1` whose admin endpoint answers with `answers[path]`, as JSON. */
  async join(service: string, answers: Readonly<Record<string, unknown>> = {}): Promise<ControlClient> {
    const adminAddress = await this.#serve((request, response) => {
      const answer = answers[(request.url ?? '').split('?')[0] ?? ''];
      response.writeHead(answer === undefined ? 404 : 200).end(JSON.stringify(answer ?? { error: 'not here' }));
    });
    const serviceAccount = `bookinfo-${service}`;
    const token = { namespace: 'default', serviceAccount, services: [service], labels: { version: 'v1' } };
    const { joinString } = await this.daemon.createToken(token);
    const client = connectControl({
      url: this.daemon.url,
      token: joinString,
      namespace: 'default',
      serviceAccount,
      service,
      workload: `${service}-v1`,
      instance: `${service}-v1-000001`,
      adminAddress: () => adminAddress,
      clock: systemClock,
      random: systemRandom,
      logger: silentLogger,
      events: { emit() {} },
    });
    this.#closers.push(() => client.close());
    await client.ready;
    return client;
  }

  async close(): Promise<void> {
    for (const close of this.#closers.toReversed()) await close();
    await this.daemon.close();
    await rm(this.folder, { recursive: true });
  }

  async #serve(listener: RequestListener): Promise<string> {
    const server = createServer(listener);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    this.#closers.push(() => new Promise((resolve) => server.close(resolve)));
    return `127.0.0.1:${(server.address() as AddressInfo).port}`;
  }
}
