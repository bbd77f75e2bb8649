import { constants } from 'node:crypto';
import { createSecureContext, type SecureContext, type SecureContextOptions, type SecureVersion } from 'node:tls';
import type { ServerTlsSpec, TlsServer } from './tls-server.ts';

const VERSIONS: Readonly<Record<string, SecureVersion>> = {
  TLSV1_0: 'TLSv1',
  TLSV1_1: 'TLSv1.1',
  TLSV1_2: 'TLSv1.2',
  TLSV1_3: 'TLSv1.3',
};

/** Istio's. */
const MIN_VERSION: SecureVersion = 'TLSv1.2';
const MAX_VERSION: SecureVersion = 'TLSv1.3';

/** Versions that a server speaks. */
export function versionsOf({ minProtocolVersion = 'TLS_AUTO', maxProtocolVersion = 'TLS_AUTO' }: ServerTlsSpec): {
  readonly min: SecureVersion;
  readonly max: SecureVersion;
} {
  return { min: VERSIONS[minProtocolVersion] ?? MIN_VERSION, max: VERSIONS[maxProtocolVersion] ?? MAX_VERSION };
}

/**
 * Certificates and rules of one server. No session is resumed: each caller shows its certificate each time.
 *
 * @throws where a certificate or key is no PEM, or they do not belong together.
 */
export function serverContext({ credentials, spec }: TlsServer): SecureContext {
  const { certificates, ca, crl } = credentials;
  const { min, max } = versionsOf(spec);
  const options: SecureContextOptions = {
    cert: certificates.map(({ cert }) => cert),
    key: certificates.map(({ key }) => key),
    minVersion: min,
    maxVersion: max,
    secureOptions: constants.SSL_OP_NO_TICKET,
    ...(ca ? { ca } : {}),
    ...(crl ? { crl } : {}),
    ...(spec.cipherSuites?.length ? { ciphers: spec.cipherSuites.join(':') } : {}),
  };
  return createSecureContext(options);
}
