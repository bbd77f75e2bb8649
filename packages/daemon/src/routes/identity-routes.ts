import type { CertificateAuthority, IssuedCertificate } from '@lateen/ca';
import { API_PATHS, checkRenewSvidRequest, checkSvidRequest, type SvidReply } from '@lateen/control';
import type { Route } from '../http/route.ts';
import { bundleDocument } from '../identity/bundle-document.ts';

/** Becoming a member, staying one, and knowing whom to trust. */
export function identityRoutes(authority: CertificateAuthority): Route[] {
  const reply = (issued: IssuedCertificate): SvidReply => ({
    id: issued.id,
    certificate: issued.certificatePem,
    chain: issued.chainPem,
    notAfter: issued.notAfter,
    serial: issued.serial,
    bundle: bundleDocument(authority.bundle.value),
  });
  return [
    {
      method: 'GET',
      path: API_PATHS.bundle,
      access: 'anyone',
      handle: () => bundleDocument(authority.bundle.value),
    },
    {
      method: 'POST',
      path: API_PATHS.svid,
      access: 'anyone',
      async handle({ json, source }) {
        const { joinToken, csr, ttlMs } = checkSvidRequest(await json(), '');
        return reply(await authority.attest({ joinSecret: joinToken, csrDer: fromBase64(csr), ttlMs, source }));
      },
    },
    {
      method: 'POST',
      path: API_PATHS.renew,
      access: 'member',
      async handle({ json, peer }) {
        const { csr, ttlMs } = checkRenewSvidRequest(await json(), '');
        return reply(await authority.renew({ peer, csrDer: fromBase64(csr), ttlMs }));
      },
    },
  ];
}

/** Lenient about the alphabet: what comes out is checked as DER. */
function fromBase64(text: string): Buffer {
  return Buffer.from(text, 'base64');
}
