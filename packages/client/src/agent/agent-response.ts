import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Dispatcher } from 'undici';
import { rawLines } from '../call/response-headers.ts';
import { withoutHopByHop } from './agent-headers.ts';
import type { MemorySocket } from './memory-socket.ts';

/** Writes what the mesh answers to the node:http client at the other end of a memory socket. */
export class AgentResponse implements Dispatcher.DispatchHandler {
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  /** The client's end: destroyed with the error, since HTTP has no words for it. */
  readonly #near: MemorySocket;

  constructor(request: IncomingMessage, response: ServerResponse, near: MemorySocket) {
    this.#request = request;
    this.#response = response;
    this.#near = near;
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#response.on('close', () => {
      if (!this.#response.writableFinished) controller.abort(new Error('the client went away'));
    });
    this.#response.on('drain', () => controller.resume());
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders, text?: string): void {
    const lines = withoutHopByHop(rawLines(controller.rawHeaders, headers));
    if (status < 200) return this.#inform(status, headers);
    this.#response.sendDate = false;
    this.#response.writeHead(status, text, lines);
    this.#response.flushHeaders();
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (!this.#response.write(chunk)) controller.pause();
  }

  onResponseEnd(_controller: unknown, trailers: IncomingHttpHeaders): void {
    const names = Object.keys(trailers);
    if (names.length > 0) this.#response.addTrailers(trailers as Record<string, string>);
    this.#response.end();
  }

  onResponseError(_controller: unknown, error: Error): void {
    this.#near.destroy(error);
  }

  onRequestUpgrade(_controller: unknown, status: number, headers: IncomingHttpHeaders, upstream: Duplex): void {
    const client = this.#request.socket as unknown as Duplex;
    const lines = Object.entries(headers).flatMap(([name, value]) => [value].flat().map((one) => `${name}: ${one}\r\n`));
    client.write(`HTTP/1.1 ${status} ${status === 101 ? 'Switching Protocols' : 'OK'}\r\n${lines.join('')}\r\n`);
    client.pipe(upstream).pipe(client);
    client.on('error', () => upstream.destroy()).on('close', () => upstream.destroy());
    upstream.on('error', () => client.destroy()).on('close', () => client.destroy());
  }

  #inform(status: number, headers: IncomingHttpHeaders): void {
    if (status === 103 && headers['link'] !== undefined) this.#response.writeEarlyHints({ link: headers['link'] as string });
    else if (status === 102) this.#response.writeProcessing();
  }
}
