import { Agent, type ClientRequestArgs } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Clock } from '@lateen/core';
import type { AccessLog } from '@lateen/telemetry';
import type { MeshDispatcher } from '../mesh-dispatcher.ts';
import { AgentServer } from './agent-server.ts';

/** A node:http Agent whose connections lead into the mesh: one per request, since within a process they cost next to nothing. */
class MeshAgent extends Agent {
  readonly #server: AgentServer;

  constructor(server: AgentServer) {
    super({ keepAlive: false });
    this.#server = server;
    // Without a protocol of its own it serves `http.request` and `https.request` alike.
    Object.assign(this, { protocol: undefined });
  }

  override createConnection(options: ClientRequestArgs): Duplex {
    const scheme = (options._defaultAgent as { protocol?: string } | undefined)?.protocol ?? options.protocol ?? 'http:';
    const host = options.host ?? 'localhost';
    const port = options.port ?? (scheme === 'https:' ? 443 : 80);
    return this.#server.connect(`${scheme}//${host.includes(':') ? `[${host}]` : host}:${port}`);
  }
}

export interface AgentHandle {
  readonly agent: Agent;
  close(): void;
}

/** Made when first asked for. */
export function meshAgent(dispatcher: MeshDispatcher, clock: Clock, accessLog: AccessLog): AgentHandle {
  let server: AgentServer | undefined;
  let agent: Agent | undefined;
  return {
    get agent() {
      server ??= new AgentServer(dispatcher, clock, accessLog);
      return (agent ??= new MeshAgent(server));
    },
    close: () => server?.close(),
  };
}
