import { LateenError, TimerWheel } from '@lateen/core';
import { pathNormalization } from '@lateen/routing';
import { CallList } from './call/call-list.ts';
import { sidecarHeaders } from './call/sidecar-headers.ts';
import type { ClientOptions } from './client-options.ts';
import { Cluster } from './cluster/cluster.ts';
import type { ClusterContext } from './cluster/cluster-context.ts';
import { clusterStatus } from './cluster/describe-cluster.ts';
import { SourceSeries } from './cluster/source-series.ts';
import { explain } from './explain/explain.ts';
import { meshAgent } from './agent/mesh-agent.ts';
import { meshFetch } from './fetch/mesh-fetch.ts';
import { meshRequest } from './fetch/mesh-request.ts';
import type { MeshClient } from './mesh-client.ts';
import { MeshDispatcher } from './mesh-dispatcher.ts';
import { Mirrors } from './mirror/mirrors.ts';
import { passthroughRoute, passthroughSpec } from './plan/passthrough.ts';
import { type PlanSettings, PlanSource } from './plan/plan-source.ts';
import type { ClientRuntime } from './runtime.ts';
import { createTransport } from './transport/create-transport.ts';

/**
 * The outbound half of a mesh.
 *
 * @throws {LateenError} `LATEEN_BAD_OPTION` for a protocol that is not there; `LATEEN_CONFIG_INVALID` when the first configuration cannot be compiled.
 */
export function createClient(options: ClientOptions): MeshClient {
  if (options.protocol === 'http2') {
    throw new LateenError('LATEEN_BAD_OPTION', 'protocol: http2 is not available yet', { hint: 'leave it at auto' });
  }
  const runtime = createRuntime(options);
  const dispatcher = new MeshDispatcher(runtime, { drain: () => client.drain(), close: () => client.close() });
  const agent = meshAgent(dispatcher, runtime.clock, runtime.accessLog);
  const client: MeshClient = {
    dispatcher,
    fetch: meshFetch(dispatcher),
    request: meshRequest(dispatcher),
    agent: () => agent.agent,
    explain: (input) => explain(runtime, input),
    clusters: () => [...runtime.plans.current.clusters.values()].map(clusterStatus),
    routes: () => runtime.plans.current.table.describe(),
    plan: runtime.plans.watched,
    get inFlight() {
      return runtime.calls.size + runtime.mirrors.size;
    },
    waitUntilIdle: () => whenIdle(runtime),
    async drain() {
      dispatcher.refuse();
      await whenIdle(runtime);
      await Promise.all([runtime.plans.drain(), runtime.passthrough('http').drain(), runtime.passthrough('https').drain()]);
      runtime.plans.stop();
      agent.close();
    },
    async close() {
      dispatcher.refuse();
      const reason = new LateenError('LATEEN_CLOSED', 'the mesh was closed while the request was in flight');
      runtime.calls.closeAll(reason);
      runtime.mirrors.close(reason);
      runtime.plans.stop();
      runtime.plans.close(reason);
      runtime.passthrough('http').close(reason);
      runtime.passthrough('https').close(reason);
      agent.close();
    },
  };
  return client;
}

async function whenIdle({ calls, mirrors }: ClientRuntime): Promise<void> {
  await calls.whenEmpty();
  await mirrors.whenIdle();
}

/** Fine enough for retries: what each pause and each timeout adds by coming late counts several times in one call. */
const WHEEL = { tickMs: 2, slots: 2_048 } as const;

function createRuntime(options: ClientOptions): ClientRuntime {
  const { clock, random, events, identity, defaults } = options;
  const series = new SourceSeries(options.metrics, options.self);
  const context: ClusterContext = {
    clock,
    random,
    events,
    identity,
    series,
    createTransport: options.createTransport ?? createTransport,
  };
  const overHttp = new Cluster(passthroughSpec('http'), context);
  const overHttps = new Cluster(passthroughSpec('https'), context);
  return {
    ...context,
    logger: options.logger,
    wheel: new TimerWheel(clock, WHEEL),
    tracing: options.tracing,
    accessLog: options.accessLog,
    defaults,
    errors: options.errors,
    pathNormalization: pathNormalization(options.meshConfig ?? {}) ?? (defaults === 'istio' ? 'BASE' : null),
    sidecar: defaults === 'istio' ? sidecarHeaders(options.meshConfig, options.gateways !== undefined) : undefined,
    plans: new PlanSource(options.revision, options.registry, planSettings(options), context),
    passthroughRoute: passthroughRoute(defaults),
    passthrough: (scheme) => (scheme === 'https' ? overHttps : overHttp),
    calls: new CallList(),
    mirrors: new Mirrors(),
    shadowHostSuffix: options.meshConfig?.shadowHostSuffix ?? false,
  };
}

function planSettings(options: ClientOptions): PlanSettings {
  const { self, gateways, gatewayPort, gatewayServer, defaults, outboundTrafficPolicy, plaintext, meshConfig } = options;
  const { namespace, labels, locality = '' } = self;
  return {
    self: { namespace, labels, locality },
    gateways: gateways ?? ['mesh'],
    ...(gatewayPort === undefined ? {} : { gatewayPort }),
    ...(gatewayServer === undefined ? {} : { gatewayServer }),
    defaults,
    outboundTrafficPolicy,
    mtls: plaintext ? 'DISABLE' : 'auto',
    ...(meshConfig === undefined ? {} : { meshConfig }),
  };
}
