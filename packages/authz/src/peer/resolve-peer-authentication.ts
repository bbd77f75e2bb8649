import type { RuleOrigin } from '@lateen/core';
import type { PeerAuthenticationSpec, Resource, Revision } from '@lateen/resources';
import { type PolicyWorkload, selects } from '../workload.ts';

/** Whether a port takes mutual TLS: only that, plaintext as well, or plaintext only. */
export type PeerMode = 'STRICT' | 'PERMISSIVE' | 'DISABLE';

/** What the PeerAuthentications come to for one workload. */
export interface PeerAuthenticationResult {
  /** Of every port that has none of its own. */
  readonly mode: PeerMode;
  /** By port of the workload. */
  readonly ports: ReadonlyMap<number, PeerMode>;
  /** Who said `mode`; undefined: nobody, so PERMISSIVE. */
  readonly origin: RuleOrigin | undefined;
  modeOf(port: number): PeerMode;
}

type Policy = Resource<
  string,
  PeerAuthenticationSpec & { readonly portLevelMtls?: Readonly<Record<string, { readonly mode?: string }>> }
>;

/**
 * Port over workload over namespace over mesh, UNSET asking the next; of several in one scope the oldest. A policy with a selector in the root
 * namespace holds for nobody, and only a policy with a selector has ports.
 */
export function resolvePeerAuthentication(
  { resources }: Revision,
  { namespace, rootNamespace, labels }: Pick<PolicyWorkload, 'namespace' | 'rootNamespace' | 'labels'>,
): PeerAuthenticationResult {
  const policies = (resources as readonly Policy[]).filter(({ kind }) => kind === 'PeerAuthentication').sort(byAge);
  const first = (isOf: (policy: Policy) => boolean): Policy | undefined => policies.find(isOf);
  const hasSelector = ({ spec }: Policy): boolean => Object.keys(spec.selector?.matchLabels ?? {}).length > 0;
  const isIn = (policy: Policy, where: string): boolean => policy.metadata.namespace === where;

  const mesh = first((policy) => isIn(policy, rootNamespace) && !hasSelector(policy));
  const wide = namespace === rootNamespace ? undefined : first((policy) => isIn(policy, namespace) && !hasSelector(policy));
  const own =
    namespace === rootNamespace
      ? undefined
      : first((policy) => isIn(policy, namespace) && hasSelector(policy) && selects(policy.spec.selector?.matchLabels, labels));

  const decisive = [own, wide, mesh].find((policy) => modeOf(policy?.spec.mtls) !== undefined);
  const mode = modeOf(decisive?.spec.mtls) ?? 'PERMISSIVE';
  const ports = new Map(
    Object.entries(own?.spec.portLevelMtls ?? {}).map(([port, mtls]) => [Number(port), modeOf(mtls) ?? mode]),
  );
  return { mode, ports, origin: decisive?.origin, modeOf: (port) => ports.get(port) ?? mode };
}

function modeOf(mtls: { readonly mode?: string | undefined } | undefined): PeerMode | undefined {
  const mode = mtls?.mode;
  return mode === 'STRICT' || mode === 'PERMISSIVE' || mode === 'DISABLE' ? mode : undefined;
}

/** A policy without a time is older than all that have one; of equals the first by name. */
function byAge(a: Policy, b: Policy): number {
  const time = ({ metadata }: Policy): number => Date.parse(metadata.creationTimestamp ?? '') || 0;
  const name = ({ metadata }: Policy): string => `${metadata.name}.${metadata.namespace}`;
  return time(a) - time(b) || (name(a) < name(b) ? -1 : name(a) > name(b) ? 1 : 0);
}
