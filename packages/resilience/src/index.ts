export * from './retry-policy.ts';
export * from './fault.ts';
