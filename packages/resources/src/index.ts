export * from './resource.ts';
export * from './finding.ts';
export * from './resource-set.ts';
