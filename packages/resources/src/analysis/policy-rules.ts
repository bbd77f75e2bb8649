import type { AnalysisContext, DraftResource } from './analysis-context.ts';

export type PolicyDraft = DraftResource<'AuthorizationPolicy'>;
type Rule = NonNullable<PolicyDraft['spec']['rules']>[number];
export type Source = NonNullable<NonNullable<NonNullable<Rule['from']>[number]>['source']>;
export type Operation = NonNullable<NonNullable<NonNullable<Rule['to']>[number]>['operation']>;

/** One entry of a rule's `from` or `to`, and where it stands. */
export interface PlacedEntry<Entry> {
  readonly policy: PolicyDraft;
  readonly entry: Entry;
  /** `/spec/rules/0/to/1/operation` */
  readonly pointer: string;
}

export function policySources({ of }: AnalysisContext): PlacedEntry<Source>[] {
  return of('AuthorizationPolicy').flatMap((policy) =>
    (policy.spec.rules ?? []).flatMap(({ from = [] }, rule) =>
      from.map(({ source = {} }, index) => ({ policy, entry: source, pointer: `/spec/rules/${rule}/from/${index}/source` })),
    ),
  );
}

export function policyOperations({ of }: AnalysisContext): PlacedEntry<Operation>[] {
  return of('AuthorizationPolicy').flatMap((policy) =>
    (policy.spec.rules ?? []).flatMap(({ to = [] }, rule) =>
      to.map(({ operation = {} }, index) => ({ policy, entry: operation, pointer: `/spec/rules/${rule}/to/${index}/operation` })),
    ),
  );
}
