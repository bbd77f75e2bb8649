// For whoever issues certificates (`@lateen/ca`) and for tests: `@lateen/identity/x509`.
export { DerError } from '../der/der-error.ts';
export { decodePem, encodePem } from '../der/pem.ts';
export * from './alternative-names.ts';
export * from './build-certificate.ts';
export { buildCertificateRequest, generateP256, type KeyPair } from './certificate-request.ts';
export type { DistinguishedName } from './distinguished-name.ts';
export type { Extension } from './extension.ts';
export { publicKeyDer, publicKeySha256 } from './key-identifiers.ts';
export * from './key-usage.ts';
export { uriNameConstraint } from './name-constraints.ts';
export { OID } from './oids.ts';
export * from './parse-certificate.ts';
export * from './parse-certificate-request.ts';
export * from './workload-certificate.ts';
export { MAX_CLAIMS_BYTES, type WorkloadClaims, workloadClaims } from './workload-claims.ts';
