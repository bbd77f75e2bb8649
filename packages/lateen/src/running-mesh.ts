import type { Agent, IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import type { MeshEventName, MeshEvents } from '@lateen/core';
import type { Explanation, ExplainInput } from '@lateen/client';
import type { CreateServerOptions, CurrentRequest } from '@lateen/server';
import type { AdminServer } from './admin/admin-server.ts';
import { type DrainedParts, drainInOrder } from './drain.ts';
import type { EventBus } from './event-bus.ts';
import type { Mesh } from './mesh.ts';

/** All parts of a process in the mesh, wired. */
export interface MeshParts extends DrainedParts {
  readonly metrics: Mesh['metrics'];
  readonly events: EventBus;
  readonly admin: AdminServer | undefined;
  readonly instance: string;
  readonly drainTimeoutMs: number;
  /** What has only to be let go of, in this order. */
  readonly closers: readonly (() => unknown)[];
}

/** The facade over the parts; holds no logic of its own but the order of going. */
export class RunningMesh implements Mesh {
  readonly fetch: Mesh['fetch'];
  readonly request: Mesh['request'];
  readonly dispatcher: Mesh['dispatcher'];
  readonly serverFactory: Mesh['serverFactory'];
  readonly metrics: Mesh['metrics'];
  readonly ready: Promise<void>;
  readonly adminAddress: string;
  readonly instance: string;
  readonly #parts: MeshParts;
  #draining: Promise<void> | undefined;
  #closing: Promise<void> | undefined;

  constructor(parts: MeshParts) {
    const { client, inbound, metrics, readiness, admin, instance } = parts;
    this.#parts = parts;
    this.fetch = client.fetch;
    this.request = client.request;
    this.dispatcher = client.dispatcher;
    this.serverFactory = inbound.serverFactory;
    this.metrics = metrics;
    this.ready = readiness.ready;
    this.adminAddress = admin?.address ?? '';
    this.instance = instance;
  }

  agent(): Agent {
    return this.#parts.client.agent();
  }

  createServer(first: CreateServerOptions | RequestListener, second?: RequestListener): Server {
    return second
      ? this.#parts.inbound.createServer(first as CreateServerOptions, second)
      : this.#parts.inbound.createServer(first as RequestListener);
  }

  current(): CurrentRequest | undefined {
    return this.#parts.inbound.current();
  }

  accept(request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void): void {
    this.#parts.inbound.accept(request, response, next);
  }

  setRoute(request: IncomingMessage, template: string): void {
    this.#parts.inbound.setRoute(request, template);
  }

  explain(input: ExplainInput): Explanation {
    return this.#parts.client.explain(input);
  }

  on<Name extends MeshEventName>(name: Name, listener: (event: MeshEvents[Name]) => void): void {
    this.#parts.events.on(name, listener);
  }

  off<Name extends MeshEventName>(name: Name, listener: (event: MeshEvents[Name]) => void): void {
    this.#parts.events.off(name, listener);
  }

  drain({ timeoutMs = this.#parts.drainTimeoutMs }: { readonly timeoutMs?: number } = {}): Promise<void> {
    this.#draining ??= drainInOrder(this.#parts, timeoutMs).then(() => this.close());
    return this.#draining;
  }

  close(): Promise<void> {
    this.#closing ??= this.#closeParts();
    return this.#closing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #closeParts(): Promise<void> {
    const { registrations, inbound, client, tracing, control, admin, readiness, closers } = this.#parts;
    inbound.close();
    await Promise.all([client.close(), registrations.deregister(0), tracing.shutdown()]);
    await control?.close();
    admin?.close();
    readiness.close();
    for (const close of closers) await close();
  }
}
