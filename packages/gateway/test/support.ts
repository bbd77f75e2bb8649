import { createServer, request as httpRequest, type IncomingHttpHeaders, type RequestListener, type Server } from 'node:http';
import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';
import { currentContext, silentLogger, systemClock, systemRandom, type RequestContext } from '@lateen/core';
import type { MeshClient } from '@lateen/client';
import { parseResources, type Revision } from '@lateen/resources';
import { createAccessLog, createTracing } from '@lateen/telemetry';
import { Agent, type Dispatcher } from 'undici';
import { EdgeListener } from '../src/edge-listener.ts';
import type { PortRoutes } from '../src/port-routes.ts';
import type { EdgeSettings } from '../src/edge-settings.ts';

/** A backend and a gateway port in front of it, with a client that sends everything to the backend. */
export interface Edge {
  readonly listener: EdgeListener;
  readonly port: number;
  /** What each dispatched request asked for, and the context it was dispatched in. */
  readonly dispatched: { readonly options: Dispatcher.DispatchOptions; readonly context: RequestContext | undefined }[];
  close(): Promise<void>;
}

/** A stand-in for the mesh: an undici agent that dials `backendPort` whatever the origin says. */
export function clientTo(
  backendPort: number,
  dispatched: Edge['dispatched'] = [],
): MeshClient & { closed: boolean; drained: boolean } {
  const agent = new Agent();
  const dispatcher = {
    dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
      dispatched.push({ options, context: currentContext() });
      return agent.dispatch({ ...options, origin: `http://127.0.0.1:${backendPort}` }, handler);
    },
  };
  const client = {
    dispatcher,
    closed: false,
    drained: false,
    close: async (): Promise<void> => {
      client.closed = true;
      await agent.destroy();
    },
    drain: async (): Promise<void> => {
      client.drained = true;
      await agent.close();
    },
  };
  return client as unknown as MeshClient & { closed: boolean; drained: boolean };
}

export async function openEdge(backend: RequestListener | Server, settings: Partial<EdgeSettings> = {}): Promise<Edge> {
  const server = typeof backend === 'function' ? createServer(backend) : backend;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const dispatched: Edge['dispatched'] = [];
  const client = clientTo((server.address() as AddressInfo).port, dispatched);
  const listener = new EdgeListener({
    host: '127.0.0.1',
    port: 0,
    routes: plainRoutes(client),
    settings: { ...edgeSettings(), ...settings },
    place: 'mesh/gateway.yaml:8',
  });
  const { port } = await listener.listen();
  return {
    listener,
    port,
    dispatched,
    close: async () => {
      listener.close();
      await client.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** All requests of a plain port to one client. */
export function plainRoutes(client: MeshClient): PortRoutes {
  return { clients: new Map([['default/a', client]]), tls: undefined };
}

/** Nobody trusted, nothing logged. */
export const edgeSettings = (): EdgeSettings => ({
  clock: systemClock,
  tracing,
  accessLog: createAccessLog('off'),
  defaults: 'lateen',
  pathNormalization: 'BASE',
  trustedProxies: 0,
});

/** Propagates, and exports nothing. */
export const tracing = createTracing({
  serviceName: 'gateway',
  environment: {},
  clock: systemClock,
  random: systemRandom,
  logger: silentLogger,
});

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly trailers: NodeJS.Dict<string>;
  readonly body: string;
}

/** One request by node:http, on a connection of its own. */
export function ask(
  port: number,
  path: string,
  options: { method?: string; headers?: object; body?: string } = {},
): Promise<Answer> {
  const { method = 'GET', headers = {}, body } = options;
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      { host: '127.0.0.1', port, path, method, agent: false, headers: { host: 'shop.example.test', ...headers } },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const { statusCode: status = 0, headers: answered, trailers } = response;
          resolve({ status, headers: answered, trailers, body: Buffer.concat(chunks).toString() });
        });
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}

/** Sends bytes as they are and returns all that comes back before the connection closes. */
export function askRaw(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text, 'latin1'));
    let answer = '';
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1');
    });
    socket.on('close', () => resolve(answer));
    socket.on('error', reject);
  });
}

export function revisionOf(...documents: readonly string[]): Revision {
  const { resources, findings } = parseResources(documents.join('---'), { file: 'mesh/test.yaml', defaultNamespace: 'default' });
  if (findings.length > 0) throw new Error(findings.map(({ message }) => message).join('\n'));
  return { number: 1, hash: 'test', resources, author: '', time: 0 };
}

export function gatewayYaml(name: string, ports: readonly number[], selector = 'istio: ingressgateway'): string {
  return `
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: ${name}, namespace: default }
spec:
  selector: { ${selector} }
  servers:
${ports.map((port) => `  - { port: { number: ${port}, name: http-${port}, protocol: HTTP }, hosts: ["*"] }`).join('\n')}
`;
}

/** Ports that were free a moment ago. */
export async function freePorts<Count extends 1 | 2>(count: Count): Promise<Count extends 1 ? [number] : [number, number]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports as Count extends 1 ? [number] : [number, number];
}
