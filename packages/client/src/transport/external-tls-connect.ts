import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import {
  checkServerIdentity,
  connect as tlsConnect,
  type ConnectionOptions,
  createSecureContext,
  type PeerCertificate,
} from 'node:tls';
import { LateenError } from '@lateen/core';
import type { TlsSettings } from '@lateen/routing';
import { type Connect, type DialTarget, whenConnected } from './connect.ts';

export interface ExternalTlsOptions extends DialTarget {
  /** The name the certificate must bear unless `tls` says otherwise. */
  readonly host: string;
  readonly tls: TlsSettings;
}

/** TLS to a server outside the mesh (`SIMPLE`, `MUTUAL`): its DNS name against public or given authorities. */
export function externalTlsConnect(options: ExternalTlsOptions): Connect {
  const { tls, host } = options;
  const servername = tls.sni ?? host;
  const secureContext = createSecureContext({
    ...(tls.caCertificates ? { ca: readPem(tls.caCertificates, host) } : {}),
    ...(tls.mode === 'MUTUAL' && tls.clientCertificate ? { cert: readPem(tls.clientCertificate, host) } : {}),
    ...(tls.mode === 'MUTUAL' && tls.privateKey ? { key: readPem(tls.privateKey, host) } : {}),
  });
  const settings: ConnectionOptions = {
    host: options.address,
    port: options.port,
    secureContext,
    // RFC 6066 has no literal addresses in SNI.
    ...(isIP(servername) === 0 ? { servername } : {}),
    ALPNProtocols: ['http/1.1'],
    rejectUnauthorized: !tls.insecureSkipVerify,
    checkServerIdentity: (_name, certificate) => checkNames(tls.subjectAltNames, host, certificate),
  };
  return (done) => {
    // No `session`: a resumed one would skip the name check.
    const socket = tlsConnect(settings);
    whenConnected(socket, 'secureConnect', options, (error) => done(error, error ? null : { socket, lifetime: undefined }));
  };
}

/** Any one of `subjectAltNames` where given, else the host. */
function checkNames(subjectAltNames: readonly string[], host: string, certificate: PeerCertificate): Error | undefined {
  if (subjectAltNames.length === 0) return checkServerIdentity(host, certificate);
  const failures = subjectAltNames.map((name) => checkServerIdentity(name, certificate));
  return failures.includes(undefined) ? undefined : failures[0];
}

function readPem(path: string, host: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new LateenError('LATEEN_CONFIG_INVALID', `the tls settings for ${host} name ${path}, which cannot be read`, {
      target: path,
      hint: 'correct the path in the DestinationRule',
      cause,
    });
  }
}
