import { EventEmitter } from 'node:events';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { createRequire } from 'node:module';
import type { Socket } from 'node:net';
import { type Clock, LateenError } from '@lateen/core';
import type { ConsulServiceEntry } from './health-entry.ts';

/** A blocking query's answer. */
export interface ConsulReply<T> {
  readonly data: T;
  /** What to wait for a change of; 0 when the answer named none. */
  readonly index: number;
  /** The token did not let everything through: an empty answer then says nothing. */
  readonly filtered: boolean;
}

/** Consul answered no, or not at all. */
export class ConsulFailure extends Error {
  /** HTTP status; 0 without an answer. */
  readonly status: number;

  constructor(message: string, status: number) {
    super(message);
    this.status = status;
  }
}

export interface ConsulRegistration {
  readonly id: string;
  readonly name: string;
  readonly address: string;
  readonly port: number;
  readonly tags: readonly string[];
  readonly meta: Readonly<Record<string, string>>;
  readonly check: { readonly ttl: string; readonly status: 'passing'; readonly deregistercriticalserviceafter: string };
}

export interface ConsulClientOptions {
  readonly url: string;
  readonly token: string | undefined;
  readonly clock: Clock;
}

type Method<T> = (options: object) => Promise<readonly [{ headers: Record<string, string | undefined> }, T]>;

/** The part of the consul package that is used, with the answer's headers (`ctx.includeResponse`). */
interface ConsulPackage {
  readonly agent: {
    readonly service: { readonly register: Method<void>; readonly deregister: Method<void> };
    readonly check: { readonly pass: Method<void> };
  };
  readonly catalog: { readonly service: { readonly list: Method<Record<string, string[]>> } };
  readonly health: { readonly service: Method<ConsulServiceEntry[]> };
  destroy(): void;
}

type ConsulConstructor = new (options: object) => ConsulPackage;

// Loaded where Consul is used only.
const require = createRequire(import.meta.url);

const CALL_TIMEOUT_MS = 3_000;
/** Consul itself adds up to a sixteenth to a wait; the rest is for the way. */
const WAIT_MARGIN_MS = 5_000;

/** Consul's agent over the consul package. Waiting for a change never keeps the process alive. */
export class ConsulClient {
  /** Without credentials, for messages. */
  readonly origin: string;
  readonly #clock: Clock;
  readonly #calls: ConsulPackage;
  readonly #waits: ConsulPackage;
  readonly #running = new Set<ConsulCall>();

  /** @throws {LateenError} `LATEEN_BAD_OPTION` when the URL is none. */
  constructor({ url, token, clock }: ConsulClientOptions) {
    const base = parseUrl(url);
    this.origin = base.origin;
    this.#clock = clock;
    const Consul = require('consul') as ConsulConstructor;
    const options = { baseUrl: `${base.href.replace(/\/+$/, '')}/v1`, ...(token ? { defaults: { token } } : {}) };
    const secure = base.protocol === 'https:';
    this.#calls = new Consul({ ...options, agent: new (secure ? HttpsAgent : HttpAgent)({ keepAlive: true }) });
    this.#waits = new Consul({ ...options, agent: unreferenced(new (secure ? HttpsAgent : HttpAgent)({ keepAlive: true })) });
  }

  /** Names of all services with their tags; waits up to `waitMs` for news after `index`. */
  services(index: number, waitMs: number): Promise<ConsulReply<Readonly<Record<string, readonly string[]>>>> {
    const { service } = this.#waits.catalog;
    return this.#wait((options) => service.list(options), {}, index, waitMs);
  }

  health(service: string, index: number, waitMs: number): Promise<ConsulReply<readonly ConsulServiceEntry[]>> {
    const { health } = this.#waits;
    return this.#wait((options) => health.service(options), { service }, index, waitMs);
  }

  async register(registration: ConsulRegistration): Promise<void> {
    const { service } = this.#calls.agent;
    await this.#call((options) => service.register(options), registration, CALL_TIMEOUT_MS);
  }

  /** Says that the service is well. Rejects with a status when the agent does not know it. */
  async pass(id: string): Promise<void> {
    const { check } = this.#calls.agent;
    await this.#call((options) => check.pass(options), { id: `service:${id}` }, CALL_TIMEOUT_MS);
  }

  async deregister(id: string, timeoutMs: number): Promise<void> {
    const { service } = this.#calls.agent;
    await this.#call((options) => service.deregister(options), { id }, timeoutMs);
  }

  /** Ends whatever is under way. */
  destroy(): void {
    for (const call of this.#running) call.cancel();
    this.#calls.destroy();
    this.#waits.destroy();
  }

  async #wait<T>(method: Method<T>, options: object, index: number, waitMs: number): Promise<ConsulReply<T>> {
    const waiting = index > 0 ? { index: String(index), wait: `${waitMs}ms` } : {};
    const timeoutMs = (index > 0 ? waitMs + waitMs / 16 : 0) + WAIT_MARGIN_MS;
    const [response, data] = await this.#call(method, { ...options, ...waiting }, timeoutMs);
    const { headers } = response;
    return {
      data,
      index: Number(headers['x-consul-index'] ?? 0),
      filtered: headers['x-consul-results-filtered-by-acls'] === 'true',
    };
  }

  async #call<T>(method: Method<T>, options: object, timeoutMs: number): Promise<Awaited<ReturnType<Method<T>>>> {
    const call = new ConsulCall();
    const timer = this.#clock.setTimeout(() => call.cancel(), timeoutMs);
    this.#running.add(call);
    try {
      return await method({ ...options, ctx: call });
    } catch (error) {
      throw this.#failure(error as PapiError);
    } finally {
      this.#running.delete(call);
      timer.cancel();
    }
  }

  #failure(error: PapiError): ConsulFailure {
    if (error.isAbort) return new ConsulFailure(`Consul at ${this.origin} did not answer in time`, 0);
    const status = error.response?.statusCode ?? 0;
    if (status === 0) return new ConsulFailure(`Consul at ${this.origin} does not answer: ${error.message}`, 0);
    const said = typeof error.response?.body === 'string' ? error.response.body.trim().slice(0, 200) : error.message;
    return new ConsulFailure(`Consul at ${this.origin} answered ${status}: ${said}`, status);
  }
}

interface PapiError extends Error {
  readonly isAbort?: boolean;
  readonly response?: { readonly statusCode?: number; readonly body?: unknown };
}

/** What the consul package listens to for cancelling, and looks at for handing out the response. */
class ConsulCall extends EventEmitter {
  readonly includeResponse = true;

  cancel(): void {
    this.emit('cancel');
  }
}

function parseUrl(url: string): URL {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed && /^https?:$/.test(parsed.protocol)) return parsed;
  throw new LateenError('LATEEN_BAD_OPTION', `${JSON.stringify(url)} is no URL of a Consul agent`, {
    hint: 'write http://127.0.0.1:8500, or https:// where the agent speaks TLS (LATEEN_CONSUL_URL)',
  });
}

/** A wait of half a minute must not hold up a process that is done; Node references a socket again each time it is reused. */
function unreferenced<Agent extends HttpAgent>(agent: Agent): Agent {
  const createConnection = agent.createConnection.bind(agent);
  const reuseSocket = agent.reuseSocket.bind(agent);
  agent.createConnection = (options, callback) => {
    const socket = createConnection(options, callback) as Socket | undefined;
    socket?.unref();
    return socket;
  };
  agent.reuseSocket = (socket, request) => {
    reuseSocket(socket, request);
    (socket as Socket).unref();
  };
  return agent;
}
