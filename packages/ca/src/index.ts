export * from './ca-error.ts';
export * from './certificate-authority.ts';
