import { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { httpDate } from './http-date.ts';
import type { RequestHead } from './request-head.ts';
import { type ResponseInternals, responseHead } from './response-head.ts';
import type { ServerStream } from './server-stream.ts';
import type { StreamSocket } from './stream-socket.ts';

/** What node:http's own server uses of a request. */
export interface RequestInternals extends IncomingMessage {
  _addHeaderLines(lines: string[], count: number): void;
  _consuming: boolean;
  _dumped: boolean;
  _dump(): void;
}

/** A request as node:http makes it, over a socket of ours. */
export function makeRequest(socket: StreamSocket, head: RequestHead): IncomingMessage {
  const request = new IncomingMessage(socket as unknown as Socket) as RequestInternals;
  request.method = head.method;
  request.url = head.path;
  request._addHeaderLines(head.rawHeaders, head.rawHeaders.length);
  // A response asks for the version when it is made: it is to behave as over a connection that persists.
  request.httpVersionMajor = 1;
  request.httpVersionMinor = 1;
  return request;
}

/** Own properties, since frameworks replace the prototypes of what they are given. */
export function makeResponse(request: IncomingMessage, socket: StreamSocket): ServerResponse {
  const response = new ServerResponse(request);
  const slots = response as unknown as { _storeHeader: unknown; _finish: unknown; socket: unknown };
  request.httpVersionMajor = 2;
  request.httpVersionMinor = 0;
  request.httpVersion = '2.0';
  slots._storeHeader = storeHeader;
  slots._finish = finish;
  socket._httpMessage = response;
  slots.socket = socket;
  return response;
}

/** In place of node:http's, which makes the text of a head for HTTP/1.1. */
function storeHeader(this: ResponseInternals, _statusLine: string, headers: Parameters<typeof responseHead>[1]): void {
  const stream = streamOf(this);
  const head = responseHead(this, headers, stream ? httpDate(stream.connection.clock) : '');
  this._header = 'HTTP/2';
  this._headerSent = true;
  stream?.out.fixHead(head);
}

function finish(this: ResponseInternals): void {
  const stream = streamOf(this);
  const { _finish } = ServerResponse.prototype as unknown as { _finish(this: ServerResponse): void };
  _finish.call(this);
  stream?.out.end();
}

function streamOf(response: ServerResponse): ServerStream | undefined {
  return (response.socket as unknown as StreamSocket | null)?.stream;
}

/** The response is over: it says so once. */
export function closeResponse(response: ResponseInternals): void {
  if (response._closed) return;
  response.destroyed = true;
  response._closed = true;
  response.emit('close');
}
