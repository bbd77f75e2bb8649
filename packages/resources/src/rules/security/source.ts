import { POLICY_WITHOUT_EFFECT } from '../checks.ts';
import type { Report } from '../report.ts';
import { each } from '../shared/each.ts';
import type { Source } from './authorization-policy.ts';
import { addresses, hasPlainStar, notEmpty, serviceAccounts, trustDomains } from './values.ts';

const WITH_STARS = [
  'principals',
  'notPrincipals',
  'requestPrincipals',
  'notRequestPrincipals',
  'namespaces',
  'notNamespaces',
] as const;
const ADDRESSES = ['ipBlocks', 'notIpBlocks', 'remoteIpBlocks', 'notRemoteIpBlocks'] as const;

/** Who calls: something is said, in a form that can match. */
export function sourceRule(source: Source, index: number, at: string, report: Report): void {
  if (!Object.values(source).some((values) => (values?.length ?? 0) > 0))
    return report.error(at, `\`from.source\` must not be empty, found at rule ${index}`);
  accountRule(source, index, at, report);
  for (const field of WITH_STARS) {
    notEmpty(source[field], `${at}/${field}`, report);
    for (const [value, place] of each(source[field], `${at}/${field}`))
      if (hasPlainStar(value))
        report.own(POLICY_WITHOUT_EFFECT, place, `the star in ${value} is a plain letter`, 'put it at the start or the end');
  }
  for (const field of ADDRESSES) addresses(source[field], `${at}/${field}`, report);
  for (const field of ['serviceAccounts', 'notServiceAccounts'] as const)
    serviceAccounts(source[field], `${at}/${field}`, report);
  for (const field of ['trustDomains', 'notTrustDomains'] as const) trustDomains(source[field], `${at}/${field}`, report);
}

/** An account says which namespace, and so which principal. */
function accountRule(source: Source, index: number, at: string, report: Report): void {
  const saysAccount = Boolean(source.serviceAccounts ?? source.notServiceAccounts);
  if (saysAccount && (source.principals ?? source.notPrincipals ?? source.namespaces ?? source.notNamespaces))
    report.error(at, `cannot set serviceAccounts with namespaces or principals, found at rule ${index}`);
}
