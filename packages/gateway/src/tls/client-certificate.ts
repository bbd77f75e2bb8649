import { createHash, X509Certificate } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import { asksForCertificate, type TlsServer } from './tls-server.ts';

/** Why a caller may not come in by its certificate; undefined when it may. */
export function certificateProblem(server: TlsServer, socket: TLSSocket): string | undefined {
  if (!asksForCertificate(server)) return undefined;
  const certificate = socket.getPeerX509Certificate();
  if (!certificate) return server.spec.mode === 'MUTUAL' ? 'showed no certificate' : undefined;
  if (!socket.authorized) return `showed a certificate that does not count: ${String(socket.authorizationError)}`;
  const { subjectAltNames = [], verifyCertificateHash = [], verifyCertificateSpki = [] } = server.spec;
  if (subjectAltNames.length > 0 && !namesOf(certificate).some(({ value }) => subjectAltNames.includes(value))) {
    return 'showed a certificate of somebody else';
  }
  const isPinned = verifyCertificateHash.length > 0 || verifyCertificateSpki.length > 0;
  if (!isPinned || hasHash(certificate, verifyCertificateHash) || hasKey(certificate, verifyCertificateSpki)) return undefined;
  return 'showed another certificate than the ones that are listed';
}

/** Envoy's header for the certificate that a caller proved to have; undefined when it showed none. */
export function clientCertificateHeader(server: TlsServer, socket: TLSSocket): string | undefined {
  const certificate = asksForCertificate(server) ? socket.getPeerX509Certificate() : undefined;
  if (!certificate) return undefined;
  const hash = sha256(certificate.raw).toString('hex');
  const names = namesOf(certificate);
  const uris = names.flatMap(({ kind, value }) => (kind === 'URI' ? [`URI=${value}`] : []));
  const dns = names.flatMap(({ kind, value }) => (kind === 'DNS' ? [`DNS=${value}`] : []));
  const pem = encodeURIComponent(certificate.toString());
  return [
    `Hash=${hash}`,
    `Cert="${pem}"`,
    `Subject="${subjectOf(certificate)}"`,
    ...(uris.length > 0 ? uris : ['URI=']),
    ...dns,
  ].join(';');
}

interface AlternativeName {
  readonly kind: string;
  readonly value: string;
}

/** Node quotes values that hold something special as JSON. */
function namesOf({ subjectAltName = '' }: X509Certificate): AlternativeName[] {
  return [...subjectAltName.matchAll(/(?:^|, )([A-Za-z ]+):("(?:[^"\\]|\\.)*"|[^,]*)/g)].map(([, kind = '', text = '']) => ({
    kind,
    value: text.startsWith('"') ? (JSON.parse(text) as string) : text,
  }));
}

/** RFC 2253: the last part first. */
function subjectOf({ subject = '' }: X509Certificate): string {
  return subject.split('\n').filter(Boolean).toReversed().join(',').replaceAll('"', '\\"');
}

function hasHash({ raw }: X509Certificate, hashes: readonly string[]): boolean {
  const own = sha256(raw).toString('hex');
  return hashes.some((hash) => hash.replaceAll(':', '').toLowerCase() === own);
}

function hasKey({ publicKey }: X509Certificate, spkis: readonly string[]): boolean {
  return spkis.includes(sha256(publicKey.export({ type: 'spki', format: 'der' })).toString('base64'));
}

function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}
