import type { Report } from '../report.ts';
import { each } from '../shared/each.ts';
import type { AuthorizationPolicyDraft } from './authorization-policy.ts';

/** Who the caller is, is known only after the provider has been asked. */
const IDENTITIES = ['principals', 'requestPrincipals', 'namespaces', 'serviceAccounts', 'trustDomains'] as const;
const IDENTITY_KEYS = /^(?:source\.(?:namespace|serviceAccount|trustDomain|principal)$|request\.auth\.)/;

/** CUSTOM names a provider, and asks nothing that is not known yet. */
export function customActionRule({ action, provider, rules }: AuthorizationPolicyDraft, report: Report): void {
  if (action !== 'CUSTOM') return;
  if (rules?.length && !provider?.name) report.error(provider ? '/provider' : '', '`provider.name` must not be empty');
  for (const [rule, at] of each(rules, '/rules')) {
    for (const [{ source = {} }, place] of each(rule.from, `${at}/from`))
      for (const field of IDENTITIES)
        for (const name of [field, `not${field[0]?.toUpperCase()}${field.slice(1)}` as keyof typeof source])
          if (source[name]?.length)
            report.error(`${place}/source/${name}`, `From.${name} is currently not supported with CUSTOM action`);
    for (const [{ key = '' }, place] of each(rule.when, `${at}/when`))
      if (IDENTITY_KEYS.test(key)) report.error(`${place}/key`, `${key} is currently not supported with CUSTOM action`);
  }
}
