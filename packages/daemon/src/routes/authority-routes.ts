import { CaError, type CertificateAuthority } from '@lateen/ca';
import {
  API_PATHS,
  type AuthorityStatus,
  checkJoinTokenBody,
  type JoinTokenBody,
  type JoinTokenReply,
  SYSTEM_NAMESPACE,
} from '@lateen/control';
import { ApiError } from '../http/api-error.ts';
import type { Route } from '../http/route.ts';

/** The administrator's side of the authority. */
export function authorityRoutes(authority: CertificateAuthority, leafTtlMs: number): Route[] {
  return [
    {
      method: 'POST',
      path: API_PATHS.joinTokens,
      access: 'admin',
      handle: async ({ json }) => createToken(authority, checkJoinTokenBody(await json(), '')),
    },
    { method: 'GET', path: API_PATHS.authority, access: 'admin', handle: () => authorityStatus(authority, leafTtlMs) },
  ];
}

/** A join token. @throws {ApiError} for lateend's own namespace: its holder could pass for lateend, or for the administrator. */
export async function createToken(authority: CertificateAuthority, body: JoinTokenBody): Promise<JoinTokenReply> {
  if (body.namespace === SYSTEM_NAMESPACE) {
    throw new ApiError(403, 'forbidden', `no tokens are made for the namespace ${SYSTEM_NAMESPACE}, which is lateend's own`);
  }
  try {
    return await authority.createToken(body);
  } catch (error) {
    // The authority tells a stranger nothing; the administrator may know.
    if (error instanceof CaError && error.code === 'bad_request') throw new ApiError(400, error.code, error.detail);
    throw error;
  }
}

function authorityStatus(authority: CertificateAuthority, leafTtlMs: number): AuthorityStatus {
  const { trustDomain, rootPin, bundle, grants } = authority;
  const problem = authority.problem();
  return {
    trustDomain,
    rootPin,
    authorities: bundle.value.authorities.map((certificate) => ({
      subject: certificate.subject,
      fingerprint: certificate.fingerprint256,
      notAfter: certificate.validToDate.getTime(),
    })),
    bundleSequence: bundle.value.sequence,
    leafTtlMs,
    grants: Object.fromEntries(grants.value),
    ...(problem === undefined ? {} : { problem }),
  };
}
