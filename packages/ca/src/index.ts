export * from './ca-error.ts';
export * from './certificate-authority.ts';
export type { Grants } from './grant-registry.ts';
export * from './requests.ts';
export type { RateLimit } from './token-buckets.ts';
