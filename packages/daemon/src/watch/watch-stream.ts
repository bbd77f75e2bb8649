import type { ServerResponse } from 'node:http';

/** A reader that lags behind by more than this is cut; it comes back and gets a snapshot. */
const MAX_BUFFERED_BYTES = 64 * 1024 * 1024;

/** One open `GET /v1/watch`: lines go out. */
export class WatchStream {
  readonly #response: ServerResponse;

  constructor(response: ServerResponse, onClosed: () => void) {
    this.#response = response;
    response.writeHead(200, { 'content-type': 'application/x-ndjson', 'cache-control': 'no-store' });
    response.on('close', onClosed);
    response.on('error', () => response.destroy());
  }

  /** @param line JSON with its line feed. */
  send(line: string): void {
    if (this.#response.destroyed) return;
    if (this.#response.writableLength > MAX_BUFFERED_BYTES) return void this.#response.destroy();
    this.#response.write(line);
  }

  end(): void {
    this.#response.end();
    this.#response.destroy();
  }
}
