export * from './route.ts';
export * from './cluster-spec.ts';
