import { connect } from 'node:net';
import { createGateway, type Gateway } from '@lateen/gateway';
import type { AccessLogEntry } from 'lateen';
import type { Case, Common } from '../corpus.ts';
import { type Answer, type Caller, requestText, type SingleRequest, splitUrl } from './caller.ts';
import { quietLogger, workloadOptions } from './options.ts';
import { CALLER_ADDRESS, Stage } from './stage.ts';
import { rawExchange } from './raw-exchange.ts';

/** Requests from outside to a gateway, over a real connection from an address that stands for the recorded one. */
export class GatewayCaller implements Caller {
  readonly #gateway: Gateway;
  readonly #log: AccessLogEntry[];
  readonly #stage: Stage;

  /** @throws LateenError when the configuration is refused. */
  static async start(each: Case, { gateway }: Common, resources: object[]): Promise<GatewayCaller> {
    const log: AccessLogEntry[] = [];
    const stage = new Stage();
    const running = await createGateway(
      {
        ...workloadOptions(each, gateway),
        config: resources,
        defaults: 'istio',
        admin: false,
        portOffset: stage.portOffset,
        accessLog: (entry) => void log.push(entry),
        logger: quietLogger,
      },
      {},
    );
    await running.ready;
    return new GatewayCaller(running, log, stage);
  }

  private constructor(gateway: Gateway, log: AccessLogEntry[], stage: Stage) {
    this.#gateway = gateway;
    this.#log = log;
    this.#stage = stage;
  }

  async send(request: SingleRequest): Promise<Answer> {
    const asked = request.port ?? splitUrl(request.url as string).port;
    const bound = this.#gateway.ports.find(({ port }) => port === asked)?.address;
    // A port that no Gateway asks for: nobody listens there.
    const port = bound === undefined ? 1 : Number(bound.slice(bound.lastIndexOf(':') + 1));
    const connection = connect({ host: '127.0.0.1', port, localAddress: CALLER_ADDRESS });
    return rawExchange(connection, requestText(request));
  }

  asRecorded(text: string, { from }: SingleRequest): string {
    return this.#stage.asRecorded(text, from);
  }

  takeLog(): AccessLogEntry[] {
    return this.#log.splice(0);
  }

  async close(): Promise<void> {
    await this.#gateway.close();
  }
}
