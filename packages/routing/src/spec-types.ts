import type { DestinationRuleSpec, VirtualServiceSpec } from '@lateen/resources';

/** Parts of the specs by the names this package speaks of them. */
export type HttpRuleSpec = NonNullable<VirtualServiceSpec['http']>[number];
export type MatchBlockSpec = NonNullable<HttpRuleSpec['match']>[number];
/** `{}` asks for presence only. */
export type StringMatchSpec = NonNullable<MatchBlockSpec['headers']>[string];
export type RouteDestinationSpec = NonNullable<HttpRuleSpec['route']>[number];
export type DestinationSpec = RouteDestinationSpec['destination'];
export type RewriteSpec = NonNullable<HttpRuleSpec['rewrite']>;
export type RedirectSpec = NonNullable<HttpRuleSpec['redirect']>;
export type CorsPolicySpec = NonNullable<HttpRuleSpec['corsPolicy']>;
export type FaultSpec = NonNullable<HttpRuleSpec['fault']>;
export type RetriesSpec = NonNullable<HttpRuleSpec['retries']>;
export type HeaderOperationsSpec = NonNullable<NonNullable<HttpRuleSpec['headers']>['request']>;
/** Absent and empty differ: an absent mirror percentage is 100, an absent fault percentage 0. */
export type PercentageSpec = HttpRuleSpec['mirrorPercentage'];

export type TrafficPolicySpec = NonNullable<DestinationRuleSpec['trafficPolicy']>;
/** The blocks that one level sets as a whole. */
export type PolicyBlocks = Pick<
  TrafficPolicySpec,
  'loadBalancer' | 'connectionPool' | 'outlierDetection' | 'tls' | 'retryBudget'
>;
