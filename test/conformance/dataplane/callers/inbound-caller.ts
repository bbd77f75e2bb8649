import type { Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { createMesh, type AccessLogEntry, type Mesh } from 'lateen';
import type { Fleet } from '../backends/fleet.ts';
import type { Case, Common } from '../corpus.ts';
import { type Answer, type Caller, requestText, type SingleRequest, splitUrl } from './caller.ts';
import { quietLogger, workloadOptions } from './options.ts';
import { rawExchange } from './raw-exchange.ts';

/** Requests from a plaintext caller to a server of the mesh, whose handler is the recorded application. */
export class InboundCaller implements Caller {
  readonly #mesh: Mesh;
  readonly #log: AccessLogEntry[];
  readonly #servers: ReadonlyMap<number, Server>;
  readonly #application: string;

  /** @throws LateenError when the configuration is refused. */
  static async start(each: Case, common: Common, resources: object[], fleet: Fleet): Promise<InboundCaller> {
    const log: AccessLogEntry[] = [];
    const mesh = await createMesh({
      ...workloadOptions(each, { ...common.client, ...each.client }),
      config: resources,
      defaults: 'istio',
      errors: 'respond',
      admin: false,
      accessLog: (entry) => void log.push(entry),
      logger: quietLogger,
    });
    const servers = new Map<number, Server>();
    for (const servicePort of portsOf(each)) {
      const server = mesh.createServer({ servicePort }, (request, response) => {
        void fleet.serveAs(common.application.name, request, response);
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      servers.set(servicePort, server);
    }
    return new InboundCaller(mesh, log, servers, common.application.name);
  }

  private constructor(mesh: Mesh, log: AccessLogEntry[], servers: ReadonlyMap<number, Server>, application: string) {
    this.#mesh = mesh;
    this.#log = log;
    this.#servers = servers;
    this.#application = application;
  }

  send(request: SingleRequest): Promise<Answer> {
    const server = this.#servers.get(portOf(request)) as Server;
    const { port } = server.address() as AddressInfo;
    return rawExchange(connect(port, '127.0.0.1'), requestText(request));
  }

  /** The server stands for the application that was recorded. */
  asRecorded(text: string): string {
    const addresses = [...this.#servers.values()].map((server) => server.address() as AddressInfo);
    return addresses.reduce((named, { address, port }) => named.replaceAll(`${address}:${port}`, this.#application), text);
  }

  takeLog(): AccessLogEntry[] {
    return this.#log.splice(0);
  }

  async close(): Promise<void> {
    await this.#mesh.close();
  }
}

function portsOf({ requests }: Case): Set<number> {
  return new Set(requests.flatMap((step) => ('url' in step || 'raw' in step ? [portOf(step as SingleRequest)] : [])));
}

function portOf({ port, url }: SingleRequest): number {
  return port ?? splitUrl(url as string).port;
}
