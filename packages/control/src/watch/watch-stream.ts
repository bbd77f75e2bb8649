import type { IncomingMessage } from 'node:http';
import { StringDecoder } from 'node:string_decoder';
import type { Clock, Timer } from '@lateen/core';
import type { ControlHttp } from '../http/control-http.ts';
import { API_LIMITS, API_PATHS, formatWatchQuery, parseWatchLine, type WatchMessage, type WatchQuery } from '../wire.ts';

export interface WatchStreamOptions {
  readonly http: ControlHttp;
  readonly query: WatchQuery;
  readonly clock: Clock;
  onMessage(message: WatchMessage): void;
  /** Called once, unless `close()` was called before. */
  onEnd(error: Error): void;
}

const SILENCE_MS = API_LIMITS.heartbeatMs * API_LIMITS.missedHeartbeats;

/** One `GET /v1/watch`: lines in, messages out, dead after three missed heartbeats. */
export class WatchStream {
  readonly #options: WatchStreamOptions;
  readonly #decoder = new StringDecoder('utf8');
  #response: IncomingMessage | undefined;
  #watchdog: Timer | undefined;
  #lastHeardAt = 0;
  #parts: string[] = [];
  #partLength = 0;
  #ended = false;

  constructor(options: WatchStreamOptions) {
    this.#options = options;
    void this.#open();
  }

  close(): void {
    this.#ended = true;
    this.#watchdog?.cancel();
    this.#response?.destroy();
  }

  async #open(): Promise<void> {
    const { http, query, clock } = this.#options;
    try {
      const response = await http.stream(`${API_PATHS.watch}?${formatWatchQuery(query)}`);
      this.#response = response;
      response.on('error', (error) => this.#end(error));
      response.on('close', () => this.#end(new Error('lateend closed the stream')));
      if (this.#ended) return void response.destroy();
      response.on('data', (chunk: Buffer) => this.#read(chunk));
      this.#lastHeardAt = clock.now();
      this.#guard();
    } catch (error) {
      this.#end(error as Error);
    }
  }

  /** Looks now and then instead of arming a timer per line. */
  #guard(): void {
    const { clock } = this.#options;
    this.#watchdog = clock.setTimeout(() => {
      if (clock.now() - this.#lastHeardAt >= SILENCE_MS) this.#end(new Error(`lateend was silent for ${SILENCE_MS / 1_000} s`));
      else this.#guard();
    }, API_LIMITS.heartbeatMs);
  }

  #read(chunk: Buffer): void {
    this.#lastHeardAt = this.#options.clock.now();
    const lines = this.#decoder.write(chunk).split('\n');
    const rest = lines.pop() as string;
    for (const line of lines) {
      const whole = this.#parts.length > 0 ? this.#parts.join('') + line : line;
      this.#parts = [];
      this.#partLength = 0;
      this.#take(whole);
      if (this.#ended) return;
    }
    if (!rest) return;
    this.#parts.push(rest);
    this.#partLength += rest.length;
    if (this.#partLength > API_LIMITS.watchLineBytes) this.#end(new Error('a line of lateend is too long'));
  }

  #take(line: string): void {
    let message: WatchMessage | undefined;
    try {
      message = parseWatchLine(line);
    } catch (error) {
      return this.#end(error as Error);
    }
    if (message) this.#options.onMessage(message);
  }

  #end(error: Error): void {
    if (this.#ended) return;
    this.close();
    this.#options.onEnd(error);
  }
}
