import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { Cancellation, LateenError } from '@lateen/core';
import type { DispatchController, DispatchHandler, DispatchedHeaders } from './dispatch-types.ts';
import { edgeResponseHeaders } from './edge-headers.ts';

/** A connection that leaves HTTP (WebSocket): once the service agrees, bytes go both ways untouched. */
export class UpgradeExchange implements DispatchHandler {
  readonly cancellation: Cancellation = new Cancellation();
  readonly #socket: Duplex;
  readonly #head: Buffer;
  #inner: Duplex | undefined;
  #controller: DispatchController | undefined;

  /** @param head what the caller sent right behind its request. */
  constructor(socket: Duplex, head: Buffer) {
    this.#socket = socket;
    this.#head = head;
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#callerGone());
  }

  onRequestStart(controller: DispatchController): void {
    this.#controller = controller;
  }

  onRequestUpgrade(_controller: DispatchController, status: number, headers: DispatchedHeaders, inner: Duplex): void {
    this.#inner = inner;
    const { upgrade = 'websocket' } = headers;
    this.#writeHead(status, { ...edgeResponseHeaders(headers), connection: 'upgrade', upgrade });
    inner.on('error', () => this.#socket.destroy());
    inner.on('close', () => this.#socket.destroy());
    if (this.#head.length > 0) inner.write(this.#head);
    this.#socket.pipe(inner).pipe(this.#socket);
  }

  /** The service stays with HTTP: its answer, then the end. */
  onResponseStart(_controller: DispatchController, status: number, headers: DispatchedHeaders): void {
    if (status >= 200) this.#writeHead(status, { ...edgeResponseHeaders(headers), connection: 'close' });
  }

  onResponseData(_controller: DispatchController, chunk: Buffer): void {
    this.#socket.write(chunk);
  }

  onResponseEnd(): void {
    this.#socket.end();
  }

  onResponseError(): void {
    this.#socket.destroy();
  }

  #callerGone(): void {
    const reason = new LateenError('LATEEN_CANCELLED', 'the caller closed the upgraded connection');
    this.cancellation.cancel(reason);
    if (this.#inner) this.#inner.destroy();
    else if (this.#controller && !this.#controller.aborted) this.#controller.abort(reason);
  }

  #writeHead(status: number, headers: Readonly<Record<string, string | string[]>>): void {
    const lines = Object.entries(headers).flatMap(([name, value]) => [value].flat().map((each) => `${name}: ${each}\r\n`));
    this.#socket.write(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('')}\r\n`);
  }
}
