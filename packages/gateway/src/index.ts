export { createGateway } from './create-gateway.ts';
export type { Gateway, GatewayOptions } from './gateway.ts';
export type { BoundPort } from './port-set.ts';
