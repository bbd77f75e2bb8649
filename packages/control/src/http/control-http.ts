import type { ClientRequest, IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { type Agent, request as httpsRequest } from 'node:https';
import type { Clock } from '@lateen/core';
import type { Svid, TrustBundles } from '@lateen/identity';
import { API_LIMITS, parseJson } from '../wire.ts';
import { readBody } from './read-body.ts';
import type { ControlAddress } from './control-address.ts';
import { refusedReply, unreachable } from './control-errors.ts';
import { retireAgent, verifiedAgent } from './verified-agent.ts';

export interface ControlCall {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** With its query. */
  readonly path: string;
  readonly body?: object;
  /** Default 10 s. */
  readonly timeoutMs?: number;
}

export interface ControlReply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
}

export interface ControlHttpOptions {
  readonly address: ControlAddress;
  readonly trustDomain: string;
  readonly bundles: () => TrustBundles;
  readonly clock: Clock;
}

const DEFAULT_TIMEOUT_MS = 10_000;

/** JSON calls to lateend over connections that proved to be lateend's. */
export class ControlHttp {
  readonly #options: ControlHttpOptions;
  readonly #closed = new AbortController();
  #agent: Agent;

  constructor(options: ControlHttpOptions, svid: Svid | undefined) {
    this.#options = options;
    this.#agent = this.#agentFor(svid);
  }

  /** Later calls show this certificate. Calls under way finish with the old one. */
  use(svid: Svid): void {
    const retired = this.#agent;
    this.#agent = this.#agentFor(svid);
    retireAgent(retired);
  }

  /**
   * @throws {LateenError} `LATEEN_CONTROL_UNREACHABLE`, or the refusal: see `refusedReply`.
   */
  async call(call: ControlCall): Promise<ControlReply> {
    try {
      return await this.#try(call);
    } catch (error) {
      // lateend closed an idle connection at the very moment we took it: nothing was read, so ask once more on a new one.
      if (!(error instanceof StaleConnection)) throw error;
      return this.#try(call);
    }
  }

  /** Opens an answer that goes on, and does not keep the process alive. Resolves with its head; whoever asked reads and destroys it. */
  stream(path: string): Promise<IncomingMessage> {
    const { address, clock } = this.#options;
    return new Promise((resolve, reject) => {
      const request = this.#request({ method: 'GET', path });
      const timer = clock.setTimeout(() => request.destroy(new Error('no answer')), DEFAULT_TIMEOUT_MS);
      request.on('error', (error) => {
        timer.cancel();
        reject(unreachable(address.url, error));
      });
      request.on('response', (response) => {
        timer.cancel();
        response.socket.unref();
        if (response.statusCode === 200) return resolve(response);
        readBody(response, API_LIMITS.bodyBytes).then(
          (body) => reject(refusedReply(address.url, response.statusCode ?? 0, jsonOrNothing(body))),
          reject,
        );
      });
      request.end();
    });
  }

  /** Cuts what is open. Calls under way reject. */
  close(): void {
    this.#closed.abort();
    this.#agent.destroy();
  }

  #agentFor(svid: Svid | undefined): Agent {
    const { address, trustDomain, bundles, clock } = this.#options;
    const closed = this.#closed.signal;
    return verifiedAgent({ host: address.host, port: address.port, svid, bundles, trustDomain, clock, closed });
  }

  #request({ method, path, body }: ControlCall): ClientRequest {
    const { host, port } = this.#options.address;
    const headers = body === undefined ? {} : { 'content-type': 'application/json' };
    return httpsRequest({ host, port, method, path, agent: this.#agent, headers });
  }

  #try(call: ControlCall): Promise<ControlReply> {
    const { address, clock } = this.#options;
    return new Promise((resolve, reject) => {
      const request = this.#request(call);
      const timeoutMs = call.timeoutMs ?? DEFAULT_TIMEOUT_MS;
      const timer = clock.setTimeout(() => request.destroy(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
      request.on('error', (error: NodeJS.ErrnoException) => {
        timer.cancel();
        reject(request.reusedSocket && error.code === 'ECONNRESET' ? new StaleConnection() : unreachable(address.url, error));
      });
      request.on('response', (response) => {
        readBody(response, API_LIMITS.watchLineBytes)
          .then((text) => toReply(address.url, response, text))
          .then(resolve, (error) => reject(unreachable(address.url, error)))
          .finally(() => timer.cancel());
      });
      request.end(call.body === undefined ? undefined : JSON.stringify(call.body));
    });
  }
}

class StaleConnection extends Error {}

function toReply(url: string, response: IncomingMessage, text: string): ControlReply {
  const status = response.statusCode ?? 0;
  if (status >= 200 && status < 300) return { status, headers: response.headers, body: text ? parseJson(text) : undefined };
  throw refusedReply(url, status, jsonOrNothing(text));
}

function jsonOrNothing(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}
