import type { TrustBundle } from '../trust-bundle.ts';

/** A bundle as SPIFFE writes it: a JWK set, `use: x509-svid`, one `x5c` each, `spiffe_sequence`. @throws {LateenError} `LATEEN_CONFIG_INVALID`. */
export function parseBundle(_trustDomain: string, _jwks: unknown): TrustBundle {
  throw new Error('under construction');
}

export function formatBundle(_bundle: TrustBundle): object {
  throw new Error('under construction');
}
