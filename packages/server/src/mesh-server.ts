import { createServer, type IncomingMessage, type RequestListener, type Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { type Http1Refusal, type ParseError, refuseUnreadable, runInContext } from '@lateen/core';
import { type RefusedHead, refusedRequest } from '@lateen/telemetry';
import type { InboundPort, InboundPorts } from './admission/inbound-port.ts';
import type { ConnectionGate, ProtocolEngine } from './connection/connection-gate.ts';
import { InboundConnection } from './connection/inbound-connection.ts';
import type { CreateServerOptions } from './inbound-mesh.ts';
import type { InboundLimits, InboundListener } from './inbound.ts';
import { admit } from './request/admit.ts';
import { InboundRequest } from './request/inbound-request.ts';
import { answerRefusal, settleTarget } from './request/refuse-inbound.ts';
import type { RequestServices } from './request/request-services.ts';

export interface MeshServerParts {
  readonly gate: ConnectionGate;
  readonly services: RequestServices;
  readonly ports: InboundPorts;
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
  const { gate, services, ports, limits } = parts;
  const isStrict = services.pathNormalization !== null;
  const server = createServer({
    keepAliveTimeout: limits?.keepAliveTimeoutMs ?? 65_000,
    headersTimeout: limits?.headersTimeoutMs ?? 10_000,
    maxHeaderSize: limits?.maxHeaderBytes ?? 60 * 1024,
    connectionsCheckingInterval: 1_000,
    requireHostHeader: !isStrict,
  });
  if (isStrict) server.maxHeadersCount = 0;
  if (limits?.maxConnections !== undefined) server.maxConnections = limits.maxConnections;
  const engines = new Map([['http/1.1', http1Engine(server)]]);
  server.on('connection', (socket: Socket) => void gate.admit(socket, engines));
  server.on('listening', () => {
    const bound = server.address();
    if (bound === null || typeof bound === 'string') return; // a Unix socket: nothing that peers could dial
    parts.onListening({ server, bound, servicePort: options.servicePort ?? bound.port, portName: options.portName ?? 'http' });
  });
  server.on('clientError', (error: ParseError, socket) => logRefusal(services, refuseUnreadable(error, socket as Socket)));
  followRequests(server, services, (request) => ports.get(options.servicePort ?? request.socket.localPort ?? 0));
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

function followRequests(server: Server, services: RequestServices, portOf: (request: IncomingMessage) => InboundPort): void {
  const emit = server.emit.bind(server) as (name: string | symbol, ...values: unknown[]) => boolean;
  server.emit = ((name: string | symbol, ...values: unknown[]): boolean => {
    if (!REQUEST_EVENTS.has(name)) return emit(name, ...values);
    const [request, second] = values as [IncomingMessage, unknown];
    const connection = InboundConnection.of(request.socket);
    // A listener for `checkContinue` passes the same request on as `request`.
    if (!connection || InboundRequest.of(request)) return emit(name, ...values);
    const response = second instanceof ServerResponse ? second : undefined;
    const refusal = services.pathNormalization && response && settleTarget(request, services.pathNormalization);
    if (refusal) {
      answerRefusal(response, refusal);
      logRefusal(services, refusal, request);
      return true;
    }
    const inbound = new InboundRequest(services, connection, portOf(request), request, response);
    admit(inbound, () => void runInContext(inbound, emit, name, ...values));
    return true;
  }) as Server['emit'];
}

function logRefusal({ accessLog, clock }: RequestServices, refusal: Http1Refusal | undefined, head?: RefusedHead): void {
  if (refusal && accessLog.enabled) accessLog.write(refusedRequest('inbound', refusal, clock.wallNow(), head));
}
