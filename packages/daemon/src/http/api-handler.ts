import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { API_LIMITS } from '@lateen/control';
import type { Logger } from '@lateen/core';
import type { PeerIdentity } from '@lateen/identity';
import { ApiError, errorReply } from './api-error.ts';
import { readJson } from './read-json.ts';
import { type Access, ANSWERED, type ApiReply, type Route } from './route.ts';

export interface ApiHandlerOptions {
  readonly routes: readonly Route[];
  /** Who calls, once the route says who may. @throws {ApiError} 401 or 403. */
  authorize(request: IncomingMessage, access: Access): PeerIdentity | undefined;
  readonly logger: Logger;
}

/** Routes requests, asks who calls, and turns answers and errors into JSON. */
export function apiHandler({ routes, authorize, logger }: ApiHandlerOptions): RequestListener {
  const exact = new Map(routes.map((route) => [`${route.method} ${route.path}`, route]));
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<ApiReply> => {
    const [path, query] = splitTarget(request.url ?? '');
    const found = findRoute(exact, request.method ?? '', path);
    if (!found) throw new ApiError(404, 'not_found', 'there is no such path');
    const peer = authorize(request, found.route.access);
    return found.route.handle({
      query: new URLSearchParams(query),
      name: found.name,
      peer,
      source: request.socket.remoteAddress ?? '',
      json: (maxBytes = API_LIMITS.bodyBytes) => readJson(request, maxBytes),
      raw: request,
      response,
    });
  };
  return (request, response) => {
    answer(request, response).then(
      (reply) => {
        if (reply !== ANSWERED) send(request, response, reply === undefined ? 204 : 200, reply);
      },
      (error: unknown) => {
        const { status, body, unexpected } = errorReply(error);
        if (unexpected) logger.error(`${request.method} ${splitTarget(request.url ?? '')[0]}: ${(error as Error).stack}`);
        send(request, response, status, body);
      },
    );
  };
}

function splitTarget(target: string): [path: string, query: string] {
  const mark = target.indexOf('?');
  return mark < 0 ? [target, ''] : [target.slice(0, mark), target.slice(mark + 1)];
}

const NAME = /^[A-Za-z0-9._-]{1,253}$/;

/** No normalisation: `/v1/svid/../svid` is no path of ours. */
function findRoute(
  exact: ReadonlyMap<string, Route>,
  method: string,
  path: string,
): { readonly route: Route; readonly name: string } | undefined {
  const route = exact.get(`${method} ${path}`);
  if (route && !path.endsWith('/')) return { route, name: '' };
  const slash = path.lastIndexOf('/') + 1;
  const parent = exact.get(`${method} ${path.slice(0, slash)}`);
  const name = path.slice(slash);
  return parent && NAME.test(name) && name !== '.' && name !== '..' ? { route: parent, name } : undefined;
}

function send(request: IncomingMessage, response: ServerResponse, status: number, body: object | undefined): void {
  if (response.headersSent || response.destroyed) return void response.destroy();
  const unread = !request.complete;
  response.statusCode = status;
  response.setHeader('cache-control', 'no-store');
  // What is left of a refused body is not read: the connection ends with the answer.
  if (unread) response.setHeader('connection', 'close');
  if (body === undefined) return void response.end();
  const text = JSON.stringify(body);
  response.setHeader('content-type', 'application/json');
  response.setHeader('content-length', Buffer.byteLength(text));
  response.end(text);
}
