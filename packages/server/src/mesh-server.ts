import { createServer, type IncomingMessage, type RequestListener, type Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { runInContext } from '@lateen/core';
import type { ConnectionGate, ProtocolEngine } from './connection/connection-gate.ts';
import { InboundConnection } from './connection/inbound-connection.ts';
import type { CreateServerOptions } from './inbound-mesh.ts';
import type { InboundLimits, InboundListener } from './inbound.ts';
import { InboundRequest } from './request/inbound-request.ts';
import type { RequestServices } from './request/request-services.ts';

export interface MeshServerParts {
  readonly gate: ConnectionGate;
  readonly services: RequestServices;
  readonly limits: Partial<InboundLimits> | undefined;
  onListening(listener: InboundListener): void;
}

/** Events that hand a request to the application; each runs in the request's context. */
const REQUEST_EVENTS = new Set<string | symbol>(['request', 'checkContinue', 'checkExpectation', 'upgrade', 'connect']);

/**
 * A real `http.Server` whose connections go through the gate first and whose requests are followed.
 *
 * Its own connection handler becomes the HTTP/1.1 engine behind the gate, so that timeouts, keep-alive and `closeIdleConnections` work as in
 * any other; `emit` is where requests enter the application, whoever listens and since when.
 */
export function meshServer(parts: MeshServerParts, options: CreateServerOptions, handler: RequestListener): Server {
  const { gate, services, limits } = parts;
  const server = createServer({
    keepAliveTimeout: limits?.keepAliveTimeoutMs ?? 65_000,
    headersTimeout: limits?.headersTimeoutMs ?? 10_000,
    maxHeaderSize: limits?.maxHeaderBytes ?? 60 * 1024,
    connectionsCheckingInterval: 1_000,
  });
  if (limits?.maxConnections !== undefined) server.maxConnections = limits.maxConnections;
  const engines = new Map([['http/1.1', http1Engine(server)]]);
  server.on('connection', (socket: Socket) => void gate.admit(socket, engines));
  server.on('listening', () => {
    const bound = server.address();
    if (bound === null || typeof bound === 'string') return; // a Unix socket: nothing that peers could dial
    parts.onListening({ server, bound, servicePort: options.servicePort ?? bound.port, portName: options.portName ?? 'http' });
  });
  followRequests(server, services);
  server.on('request', handler);
  return server;
}

/** Node's own HTTP/1.1, taken from the server before the gate takes its place. */
function http1Engine(server: Server): ProtocolEngine {
  const [serve] = server.listeners('connection') as ((this: Server, socket: Socket) => void)[];
  if (!serve) throw new Error('this Node has no connection handler on http.Server');
  server.removeAllListeners('connection');
  return (socket) => serve.call(server, socket);
}

function followRequests(server: Server, services: RequestServices): void {
  const emit = server.emit.bind(server) as (name: string | symbol, ...values: unknown[]) => boolean;
  server.emit = ((name: string | symbol, ...values: unknown[]): boolean => {
    if (!REQUEST_EVENTS.has(name)) return emit(name, ...values);
    const [request, second] = values as [IncomingMessage, unknown];
    const connection = InboundConnection.of(request.socket);
    // A listener for `checkContinue` passes the same request on as `request`.
    if (!connection || InboundRequest.of(request)) return emit(name, ...values);
    const inbound = new InboundRequest(services, connection, request, second instanceof ServerResponse ? second : undefined);
    return runInContext(inbound, emit, name, ...values);
  }) as Server['emit'];
}
