import type { Agent } from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { createMesh, type AccessLogEntry, type Mesh, type MeshOptions } from 'lateen';
import type { Case, Common } from '../corpus.ts';
import { type Answer, type Caller, headerLines, type SingleRequest, splitUrl } from './caller.ts';
import { dispatchExchange } from './dispatch-exchange.ts';
import { quietLogger, workloadOptions } from './options.ts';
import { rawExchange } from './raw-exchange.ts';

/** Names that resolve have done so by then; a name that does not is no reason to wait for it. */
const READY_MS = 5_000;

/** Requests out of a process of the mesh: through its dispatcher, and what is written byte by byte through its agent. */
export class MeshCaller implements Caller {
  readonly #mesh: Mesh;
  readonly #log: AccessLogEntry[];

  /** @throws LateenError when the configuration is refused. */
  static async start(each: Case, common: Common, resources: object[]): Promise<MeshCaller> {
    const log: AccessLogEntry[] = [];
    const options: MeshOptions = {
      ...workloadOptions(each, { ...common.client, ...each.client }),
      config: resources,
      defaults: 'istio',
      errors: 'respond',
      admin: false,
      accessLog: (entry) => void log.push(entry),
      logger: quietLogger,
    };
    const mesh = await createMesh(options);
    await Promise.race([mesh.ready, sleep(READY_MS)]);
    return new MeshCaller(mesh, log);
  }

  private constructor(mesh: Mesh, log: AccessLogEntry[]) {
    this.#mesh = mesh;
    this.#log = log;
  }

  send(request: SingleRequest): Promise<Answer> {
    if (request.raw !== undefined) return rawExchange(this.#connect(request), request.raw);
    const { scheme, host, port, path } = splitUrl(request.url as string);
    return dispatchExchange(this.#mesh.dispatcher, {
      origin: `${scheme}://${host}:${request.port ?? port}`,
      path,
      method: (request.method ?? 'GET') as 'GET',
      headers: headerLines(request),
      body: request.body ?? null,
    });
  }

  explain(request: SingleRequest): ReturnType<Mesh['explain']> | undefined {
    if (request.url === undefined) return undefined;
    const { scheme, host, port, path } = splitUrl(request.url);
    const url = `${scheme}://${host}:${request.port ?? port}${path}`;
    return this.#mesh.explain({ url, method: request.method ?? 'GET', headers: headerLines(request) });
  }

  takeLog(): AccessLogEntry[] {
    return this.#log.splice(0);
  }

  async close(): Promise<void> {
    await this.#mesh.close();
  }

  #connect({ port = 80 }: SingleRequest): Duplex {
    const agent = this.#mesh.agent() as Omit<Agent, 'createConnection'> & { createConnection(options: object): Duplex };
    return agent.createConnection({ host: '127.0.0.1', port });
  }
}
