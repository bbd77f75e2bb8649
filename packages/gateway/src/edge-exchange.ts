import { ServerResponse, type IncomingMessage } from 'node:http';
import { Cancellation, isLateenError, LateenError, localReplyBody } from '@lateen/core';
import type { DispatchController, DispatchHandler, DispatchedHeaders } from './dispatch-types.ts';
import { edgeResponseHeaders } from './edge-headers.ts';

/** A response of the gateway's listener; it knows the exchange it answers, so that its events need no closure. */
export class EdgeResponse extends ServerResponse<IncomingMessage> {
  exchange: EdgeExchange | undefined;
}

/**
 * One outside request on its way through: hands the mesh's answer to the caller as it comes, at the pace the caller takes
 * it, and ends the call inside when the caller goes away.
 */
export class EdgeExchange implements DispatchHandler {
  readonly cancellation: Cancellation = new Cancellation();
  readonly #response: EdgeResponse;
  #controller: DispatchController | undefined;

  constructor(response: EdgeResponse) {
    this.#response = response;
    response.exchange = this;
    response.on('close', onClose);
    response.on('drain', onDrain);
  }

  onRequestStart(controller: DispatchController): void {
    this.#controller = controller;
  }

  onResponseStart(_controller: DispatchController, status: number, headers: DispatchedHeaders, statusMessage?: string): void {
    if (status < 200) return this.#informational(status, headers);
    if (statusMessage) this.#response.statusMessage = statusMessage;
    this.#response.writeHead(status, edgeResponseHeaders(headers));
  }

  onResponseData(controller: DispatchController, chunk: Buffer): void {
    if (!this.#response.write(chunk)) controller.pause();
  }

  onResponseEnd(_controller: DispatchController, trailers: DispatchedHeaders): void {
    if (Object.keys(trailers ?? {}).length > 0) this.#response.addTrailers(edgeResponseHeaders(trailers));
    this.#response.end();
  }

  /** An answer that has begun can only be cut; one that has not becomes Envoy's. */
  onResponseError(_controller: DispatchController, error: Error): void {
    if (this.#response.headersSent || this.#response.destroyed) {
      this.#response.destroy();
      return;
    }
    const code = isLateenError(error) ? error.code : 'LATEEN_UPSTREAM_RESET';
    refuse(this.#response, isLateenError(error) ? error.status : 503, localReplyBody(code));
  }

  /** The caller takes more. */
  resume(): void {
    if (this.#controller?.paused) this.#controller.resume();
  }

  /** The caller is gone, or has everything. */
  closed(): void {
    if (this.#response.writableFinished) return;
    const reason = new LateenError('LATEEN_CANCELLED', 'the caller closed the connection before the answer was complete');
    this.cancellation.cancel(reason);
    if (this.#controller && !this.#controller.aborted) this.#controller.abort(reason);
  }

  #informational(status: number, headers: DispatchedHeaders): void {
    if (status === 103 && headers['link']) this.#response.writeEarlyHints({ link: headers['link'] });
  }
}

/** An answer of the gateway's own. */
export function refuse(response: ServerResponse, status: number, body = ''): void {
  response.writeHead(status, body === '' ? { 'content-length': 0 } : { 'content-type': 'text/plain' });
  response.end(body);
}

function onClose(this: EdgeResponse): void {
  this.exchange?.closed();
}

function onDrain(this: EdgeResponse): void {
  this.exchange?.resume();
}
