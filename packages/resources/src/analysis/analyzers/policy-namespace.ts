import type { DraftResource } from '../analysis-context.ts';
import type { Analyzer } from '../analyzer.ts';
import { valueFinding } from '../value-finding.ts';

/** IST0101: a policy speaks of callers from a namespace that is not there. */
export const policyNamespace: Analyzer = {
  name: 'auth.AuthorizationPoliciesAnalyzer',
  description: 'Namespaces that AuthorizationPolicies name exist',
  analyze({ of, knowsAll }) {
    if (!knowsAll.namespaces) return [];
    const names = of('Namespace').map(({ metadata }) => metadata.name);
    const exists = (written: string): boolean => names.some((name) => matches(written, name));
    return of('AuthorizationPolicy').flatMap((policy) =>
      namedNamespaces(policy)
        .filter(({ written }) => !exists(written))
        .map(({ written, pointer }) => valueFinding('IST0101', policy, pointer, `Referenced namespace not found: "${written}"`)),
    );
  },
};

function namedNamespaces({ spec }: DraftResource<'AuthorizationPolicy'>) {
  return (spec.rules ?? []).flatMap(({ from = [] }, ruleIndex) =>
    from.flatMap(({ source }, index) => {
      const pointer = `/spec/rules/${ruleIndex}/from/${index}/source/namespaces`;
      const named = (source?.namespaces ?? []).map((written, position) => ({
        written: written ?? '',
        pointer: `${pointer}/${position}`,
      }));
      // istioctl points to the document for these.
      const excluded = (source?.notNamespaces ?? []).map((written) => ({ written: written ?? '', pointer: '' }));
      return [...named, ...excluded];
    }),
  );
}

function matches(written: string, name: string): boolean {
  if (written.startsWith('*')) return name.endsWith(written.slice(1));
  if (written.endsWith('*')) return name.startsWith(written.slice(0, -1));
  return written.toLowerCase() === name.toLowerCase();
}
