export * from './route.ts';
export * from './cluster-spec.ts';
export * from './cluster-name.ts';
export * from './compile-input.ts';
export * from './defaults.ts';
export * from './route-table.ts';
