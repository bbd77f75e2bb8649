export * from './bundle/bundle-jwks.ts';
export {
  authorityPin,
  createBundle,
  loadBundlePem,
  sameAuthorities,
  withBundle,
} from './bundle/trust-bundles.ts';
export * from './connection-lifetime.ts';
export * from './file-identity.ts';
export * from './join-string.ts';
export * from './peer/check-peer.ts';
export * from './peer/check-peer-socket.ts';
export { renewalDelayMs } from './renewal/renewal-delay.ts';
export * from './renewal/renewal-loop.ts';
export * from './spiffe-id.ts';
export * from './state/identity-state.ts';
export { createPrivateFile, ensurePrivateFolder, readPrivateFile, syncFolder, writePrivateFile } from './state/private-files.ts';
export * from './svid.ts';
export * from './svid/accept-tls.ts';
export * from './svid/create-svid.ts';
export * from './svid/tls-options.ts';
export * from './trust-bundle.ts';
export { createKeyAndRequest, type KeyAndRequest } from './x509/certificate-request.ts';
