import type { BundleReply } from '@lateen/control';
import { formatBundle, type TrustBundle } from '@lateen/identity';

/** A bundle as it travels. */
export function bundleDocument(bundle: TrustBundle): BundleReply {
  return { trustDomain: bundle.trustDomain, jwks: formatBundle(bundle) };
}
