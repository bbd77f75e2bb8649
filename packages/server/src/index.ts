export * from './current-request.ts';
export * from './inbound-mesh.ts';
