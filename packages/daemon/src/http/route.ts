import type { IncomingMessage, ServerResponse } from 'node:http';
import type { PeerIdentity } from '@lateen/identity';

/** Who may call: anybody, a workload with a valid certificate of this mesh, or the administrator. */
export type Access = 'anyone' | 'member' | 'admin';

export interface ApiRequest {
  readonly query: URLSearchParams;
  /** The path's last segment where the route ends in `/`, decoded; else empty. */
  readonly name: string;
  /** Undefined for `anyone` without a certificate, and on the administrator's local socket. */
  readonly peer: PeerIdentity | undefined;
  /** Remote address, for rate limits. */
  readonly source: string;
  /** The JSON body, at most `maxBytes` (default 16 KiB). */
  json(maxBytes?: number): Promise<unknown>;
  readonly raw: IncomingMessage;
  readonly response: ServerResponse;
}

/** Sent as JSON with status 200; undefined sends 204; {@link ANSWERED} when the route writes the response itself. */
export type ApiReply = object | undefined | typeof ANSWERED;

export const ANSWERED = Symbol('answered');

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Compared exactly; one that ends in `/` takes one more segment. */
  readonly path: string;
  readonly access: Access;
  handle(request: ApiRequest): Promise<ApiReply> | ApiReply;
}
