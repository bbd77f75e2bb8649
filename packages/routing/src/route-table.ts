import type { ClusterSpec } from './cluster-spec.ts';
import type { Match, RouteRequest } from './route.ts';

/** One compiled rule as people read it: `/routes` and `lateen config routes`. */
export interface RouteDescription {
  /** Canonical host of the virtual host. */
  readonly host: string;
  /** Every spelling that reaches it, without ports. */
  readonly domains: readonly string[];
  readonly port: number;
  readonly name: string;
  /** `VirtualService default/reviews`, or `default` for the route a service has by itself. */
  readonly resource: string;
  readonly file: string;
  readonly line: number;
  /** -1 for a default route. */
  readonly ruleIndex: number;
  readonly matchIndex: number;
  /** The conditions, all needed: `uri prefix "/reviews"`. Empty = every request. */
  readonly conditions: readonly string[];
  /** `90 % outbound|9080|v1|…, 10 % …`, `redirect 301`, `respond 200`. */
  readonly action: string;
  readonly timeoutMs: number;
  readonly maxRetries: number;
}

/** A match with its story, one step a line: which host, which rules were passed over and why, what decided. */
export interface MatchExplanation {
  readonly match: Match;
  readonly reason: readonly string[];
}

/** Routes and clusters of one revision, immutable; a `Plan` pins one. */
export interface RouteTable {
  /** O(1) in the number of hosts. Allocates nothing, except where a header, query or regex condition has to look inside. */
  match(request: RouteRequest): Match;
  /** By cluster name; a destination that is missing here answers 503 NC. */
  readonly clusters: ReadonlyMap<string, ClusterSpec>;
  describe(): RouteDescription[];
  explainMatch(request: RouteRequest): MatchExplanation;
}
