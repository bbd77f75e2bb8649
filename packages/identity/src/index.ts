export * from './svid.ts';
export * from './trust-bundle.ts';
