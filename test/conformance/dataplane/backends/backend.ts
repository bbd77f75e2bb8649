import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

const HOST = '127.0.0.1';

/** One port of one instance: a server that can stop listening and take its port back. */
export class Backend {
  readonly #server: Server;
  #port = 0;

  constructor(serve: (request: IncomingMessage, response: ServerResponse) => void) {
    this.#server = createServer({ maxHeaderSize: 1 << 20, keepAliveTimeout: 0, requestTimeout: 0, headersTimeout: 0 }, serve);
    this.#server.maxHeadersCount = 0;
    this.#server.unref();
  }

  get port(): number {
    return this.#port;
  }

  async listen(): Promise<void> {
    if (this.#server.listening) return;
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(this.#port, HOST, 1_024, () => {
        this.#server.off('error', reject);
        resolve();
      });
    });
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  /** From now on connections are refused. */
  async refuse(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.dropConnections();
    await closed;
  }

  dropConnections(): void {
    this.#server.closeAllConnections();
  }
}
