export * from './route.ts';
export * from './cluster-spec.ts';
export * from './cluster-name.ts';
export * from './compile-input.ts';
export * from './defaults.ts';
export { renderDefaults } from './render-defaults.ts';
export { normalizePath } from './normalize-path.ts';
export * from './route-table.ts';
export { compileRoutes } from './compile-routes.ts';
