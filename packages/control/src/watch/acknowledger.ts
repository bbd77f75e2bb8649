import type { Logger } from '@lateen/core';
import type { ControlHttp } from '../http/control-http.ts';
import { type AckBody, API_PATHS } from '../wire.ts';

/** Tells lateend what we run. One call at a time; what changed meanwhile goes with the next. */
export class Acknowledger {
  readonly #http: () => ControlHttp | undefined;
  readonly #read: () => AckBody;
  readonly #logger: Logger;
  #sending = false;
  #again = false;

  constructor(http: () => ControlHttp | undefined, read: () => AckBody, logger: Logger) {
    this.#http = http;
    this.#read = read;
    this.#logger = logger;
  }

  send(): void {
    this.#again = true;
    if (!this.#sending) void this.#run();
  }

  async #run(): Promise<void> {
    this.#sending = true;
    while (this.#again) {
      this.#again = false;
      try {
        await this.#http()?.call({ method: 'POST', path: API_PATHS.ack, body: this.#read() });
      } catch (error) {
        // The next snapshot is acknowledged anew.
        this.#logger.debug(`lateend did not take our acknowledgement: ${(error as Error).message}`);
      }
    }
    this.#sending = false;
  }
}
