export * from './inbound-mesh.ts';
