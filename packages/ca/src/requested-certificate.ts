import { type ParsedCertificateRequest, parseCertificateRequest } from '@lateen/identity/x509';
import { CaError } from './ca-error.ts';

/**
 * Reads a CSR for someone who may be `id` and nothing else. A CSR may name that ID or none; naming more is refused rather than
 * ignored, so that a mistake or an attempt shows.
 *
 * @throws {CaError} `bad_csr` when it is not acceptable, `forbidden` when it asks for another name.
 */
export function readRequestFor(id: string, csrDer: unknown): ParsedCertificateRequest {
  if (!(csrDer instanceof Uint8Array)) throw new CaError('bad_csr', 'no bytes');
  const request = parse(csrDer);
  const { uris, dnsNames, ipAddresses } = request.names;
  if (uris.length > 1 || uris.some((uri) => uri !== id)) throw new CaError('forbidden', `a CSR for another identity than ${id}`);
  if (dnsNames.length > 0 || ipAddresses.length > 0) throw new CaError('forbidden', `a CSR of ${id} for DNS names or addresses`);
  return request;
}

function parse(csrDer: Uint8Array): ParsedCertificateRequest {
  try {
    return parseCertificateRequest(csrDer);
  } catch (error) {
    throw new CaError('bad_csr', error instanceof Error ? error.message : 'unreadable', error);
  }
}
