import type { DraftResource } from '../analysis-context.ts';
import type { Analyzer } from '../analyzer.ts';
import { fullName } from '../full-name.ts';
import { resourceFinding } from '../value-finding.ts';

/** IST0175: istiod fetches keys for whoever may write a RequestAuthentication, from wherever it says. */
export const jwksFetch: Analyzer = {
  name: 'authn.BlockedCIDRsAnalyzer',
  description: 'istiod is told where it must not fetch keys from',
  analyze({ of }) {
    const names = of('RequestAuthentication').map(fullName);
    if (names.length === 0) return [];
    const more = names.length > MOST_NAMES ? `, and ${names.length - MOST_NAMES} more` : '';
    const message =
      `BLOCKED_CIDRS_IN_JWKS_URIS is not configured but ${names.length} RequestAuthentication resource(s) exist ` +
      `(${names.slice(0, MOST_NAMES).join(', ')}${more}). Consider configuring it to restrict JWKS URI fetches to trusted networks.`;
    return of('Deployment')
      .filter((deployment) => deployment.metadata.labels['app'] === 'istiod' && !blocksAddresses(deployment))
      .map((deployment) => resourceFinding('IST0175', deployment, message));
  },
};

const MOST_NAMES = 5;

function blocksAddresses({ spec }: DraftResource<'Deployment'>): boolean {
  const containers = (spec.template?.spec?.containers ?? []) as readonly {
    readonly env?: readonly { name?: string; value?: string }[];
  }[];
  return containers.some(({ env = [] }) => env.some(({ name, value }) => name === 'BLOCKED_CIDRS_IN_JWKS_URIS' && value));
}
