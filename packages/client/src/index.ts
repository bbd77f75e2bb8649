export * from './client-options.ts';
export * from './cluster/cluster-status.ts';
export { createClient } from './create-client.ts';
export * from './explain/explanation.ts';
export type { MeshClient } from './mesh-client.ts';
export { MeshDispatcher } from './mesh-dispatcher.ts';
export type { Plan } from './plan/plan.ts';
export type { TransportEndpoint, TransportFactory } from './transport/create-transport.ts';
export type { Exchange, Transport, TransportFailure, TransportRequest } from './transport/transport.ts';
