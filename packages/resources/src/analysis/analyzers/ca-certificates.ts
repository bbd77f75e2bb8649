import type { DraftResource } from '../analysis-context.ts';
import type { Analyzer } from '../analyzer.ts';
import { fullName } from '../full-name.ts';
import { valueFinding } from '../value-finding.ts';

/** IST0128, IST0129: TLS to a host (or one port of it) whose certificate nobody checks, since there is nothing to check it against. */
export const caCertificates: Analyzer = {
  name: 'destinationrule.CaCertificateAnalyzer',
  description: 'TLS of DestinationRules names the authorities to trust',
  analyze: ({ of }) => of('DestinationRule').flatMap((rule) => [...unchecked(rule), ...uncheckedPorts(rule)]),
};

type Rule = DraftResource<'DestinationRule'>;
type Tls = NonNullable<NonNullable<Rule['spec']['trafficPolicy']>['tls']>;

function unchecked(rule: Rule) {
  const tls = rule.spec.trafficPolicy?.tls;
  if (!isUnchecked(rule, tls)) return [];
  return [valueFinding('IST0128', rule, '/spec/trafficPolicy/tls/caCertificates', messageFor(rule, tls))];
}

function uncheckedPorts(rule: Rule) {
  return (rule.spec.trafficPolicy?.portLevelSettings ?? []).flatMap(({ port, tls }, index) => {
    if (!isUnchecked(rule, tls)) return [];
    const pointer = `/spec/trafficPolicy/portLevelSettings/${index}/tls/caCertificates`;
    return [valueFinding('IST0129', rule, pointer, `${messageFor(rule, tls)} at port number:${port?.number ?? 0}`)];
  });
}

/** A credential counts only where it is known whose it is: with a workloadSelector. */
function isUnchecked({ spec }: Rule, tls: Tls | undefined): tls is Tls {
  if (tls?.mode !== 'SIMPLE' && tls?.mode !== 'MUTUAL') return false;
  return !tls.caCertificates && !(tls.credentialName && spec.workloadSelector);
}

function messageFor(rule: Rule, { mode }: Tls): string {
  const { namespace } = rule.metadata;
  return (
    `DestinationRule ${fullName(rule)} in namespace ${namespace} has TLS mode set to ${mode} but no caCertificates are set ` +
    `to validate server identity for host: ${rule.spec.host ?? ''}`
  );
}
