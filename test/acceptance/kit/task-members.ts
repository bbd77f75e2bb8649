import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ManagedProcess } from '@lateen-examples/bookinfo';
import type { Bookinfo } from './bookinfo.ts';
import { fileWith } from './mesh-member.ts';

/** What came of one call of the caller's. */
export interface Called {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly elapsedMs: number;
}

export interface CallOrder {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly count?: number;
  readonly concurrency?: number;
}

/** The processes of Istio's tasks beside a deployment's own: httpbin in two versions, and one that calls. */
export class TaskMembers {
  readonly httpbin: readonly [v1: ManagedProcess, v2: ManagedProcess];
  readonly caller: ManagedProcess;
  readonly #orders: string;

  private constructor(httpbin: readonly [ManagedProcess, ManagedProcess], caller: ManagedProcess, orders: string) {
    this.httpbin = httpbin;
    this.caller = caller;
    this.#orders = orders;
  }

  static async start(bookinfo: Bookinfo): Promise<TaskMembers> {
    const ordersPort = bookinfo.deployment.ports.firstAdmin + 200;
    const [v1, v2, caller] = await Promise.all([
      member(bookinfo, 'httpbin', 'httpbin', 'v1', 101),
      member(bookinfo, 'httpbin', 'httpbin', 'v2', 102),
      member(bookinfo, 'caller', 'sleep', 'v1', 103, { ORDERS_PORT: String(ordersPort) }),
    ]);
    return new TaskMembers([v1, v2], caller, `http://127.0.0.1:${ordersPort}/`);
  }

  /** Has the caller call, through its mesh. */
  async call(order: CallOrder): Promise<readonly Called[]> {
    const response = await fetch(this.#orders, { method: 'POST', body: JSON.stringify(order) });
    return (await response.json()) as Called[];
  }

  async one(url: string, headers: Readonly<Record<string, string>> = {}): Promise<Called> {
    return (await this.call({ url, headers }))[0] as Called;
  }

  async stop(): Promise<void> {
    await Promise.all([...this.httpbin, this.caller].map((one) => one.stop()));
  }
}

async function member(
  bookinfo: Bookinfo,
  program: string,
  service: string,
  version: string,
  place: number,
  environment: Readonly<Record<string, string>> = {},
): Promise<ManagedProcess> {
  const name = `${service}-${version}`;
  const folder = join(bookinfo.stateDir, 'tasks', name);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const labels = { app: service, version };
  const { joinString } = await bookinfo.admin.createToken({
    namespace: 'default',
    serviceAccount: service,
    services: [service],
    labels,
  });
  const adminPort = bookinfo.deployment.ports.firstAdmin + place;
  return new ManagedProcess({
    name,
    command: [join(import.meta.dirname, `../programs/${program}.ts`)],
    environment: {
      LATEEN_CONTROL: `https://127.0.0.1:${bookinfo.deployment.ports.lateend}`,
      LATEEN_SERVICE: service,
      LATEEN_VERSION: version,
      LATEEN_SERVICE_ACCOUNT: service,
      LATEEN_TOKEN_FILE: fileWith(bookinfo, joinString),
      LATEEN_STATE: join(folder, 'state'),
      LATEEN_ADMIN: `127.0.0.1:${adminPort}`,
      LATEEN_ACCESS_LOG: 'text',
      ...environment,
    },
    logFile: join(folder, 'log'),
    readyUrl: `http://127.0.0.1:${adminPort}/healthz/ready`,
  }).ready();
}
