import { LateenError, originText, type RuleOrigin } from '@lateen/core';
import { compileCors } from './cors.ts';
import { DEFAULTS, type DefaultsProfile } from './defaults.ts';
import { compileDestinations, type DestinationScope } from './destinations.ts';
import { compileFault } from './fault.ts';
import { HeaderTemplate } from './header-template.ts';
import { authorityFrom, compileHeaderOperations, withoutAuthority } from './header-operations.ts';
import { compileMatchBlock, whyOutOfScope, type MatchBlock, type MatchScope } from './match-block.ts';
import type { MeshConfig } from './mesh-config.ts';
import { compileMirrors } from './mirrors.ts';
import { operationOf } from './operation.ts';
import { compileRedirect } from './redirect.ts';
import { compileBackoff, compileRetries, durationMs } from './retries.ts';
import { compileRewrite, type MatchedUri } from './rewrite.ts';
import type { HeaderOperations, Match, Route, RouteAction } from './route.ts';
import type { HttpRuleSpec, MatchBlockSpec } from './spec-types.ts';
import type { HttpRule } from './virtual-services.ts';

/** One match block of one rule with what it leads to, made once; matching hands out `match` as it is. */
export interface CompiledRule {
  readonly block: MatchBlock;
  readonly route: Route;
  readonly match: Match;
  readonly matchIndex: number;
}

/** A block left out when the table was made, for `explain`. */
export interface SkippedRule {
  readonly origin: RuleOrigin;
  readonly ruleIndex: number;
  readonly reason: string;
}

export interface CompiledRules {
  readonly rules: readonly CompiledRule[];
  readonly skipped: readonly SkippedRule[];
}

/** What the rules of one VirtualService are compiled for. */
export interface RuleScope {
  /** Canonical host of the virtual host. */
  readonly host: string;
  readonly match: MatchScope;
  readonly destination: DestinationScope;
  readonly defaults: DefaultsProfile;
  readonly meshConfig: MeshConfig | undefined;
}

/** Rules in their order, one entry for each match block; what follows a catch-all is unreachable and left out. */
export function compileRules(http: readonly HttpRule[], scope: RuleScope): CompiledRules {
  const rules: CompiledRule[] = [];
  const skipped: SkippedRule[] = [];
  for (const { spec, origin, index: ruleIndex, unknownClusterStatus = 503 } of http) {
    const blocks: readonly (MatchBlockSpec | undefined)[] = spec.match && spec.match.length > 0 ? spec.match : [undefined];
    for (const [matchIndex, blockSpec] of blocks.entries()) {
      const reason = whyOutOfScope(blockSpec, scope.match);
      if (reason !== undefined) {
        skipped.push({ origin, ruleIndex, reason });
        continue;
      }
      const block = compileMatchBlock(blockSpec);
      const route = compileRoute(spec, ruleIndex, routeName(spec.name, blockSpec?.name), block.matchedUri, scope, origin);
      const operation = operationOf(route.action, blockSpec?.uri, origin.name, scope.destination.port);
      rules.push(compiledRule(block, matchIndex, { ...route, operation, unknownClusterStatus }));
      if (block.catchAll) return { rules, skipped };
    }
  }
  return { rules, skipped };
}

function routeName(rule: string | undefined, block: string | undefined): string {
  return block ? `${rule ?? ''}.${block}` : (rule ?? '');
}

export function compiledRule(block: MatchBlock, matchIndex: number, route: Route): CompiledRule {
  return { block, route, matchIndex, match: { kind: 'route', route, matchIndex } };
}

/** A route that says nothing of its own and leads nowhere yet. */
export function routeWithoutRule(host: string): Route {
  return {
    name: 'default',
    origin: undefined,
    ruleIndex: -1,
    host,
    action: { kind: 'forward', destinations: [], totalWeight: 0 },
    rewrite: undefined,
    timeoutMs: 0,
    retry: DEFAULTS.istio.retry,
    backoff: DEFAULTS.istio.backoff,
    fault: undefined,
    cors: undefined,
    unknownClusterStatus: 503,
    operation: '',
    mirrors: [],
    requestHeaders: undefined,
    responseHeaders: undefined,
  };
}

/** The route a service has without any rule: all of it to all of its endpoints. */
export function defaultRoute(host: string, cluster: string, profile: DefaultsProfile, meshConfig?: MeshConfig): Route {
  const destination = { cluster, weight: 1, requestHeaders: undefined, responseHeaders: undefined };
  const action: RouteAction = { kind: 'forward', destinations: [destination], totalWeight: 1 };
  return {
    ...routeWithoutRule(host),
    action,
    operation: operationOf(action, undefined, '', 0),
    timeoutMs: DEFAULTS[profile].timeoutMs,
    retry: compileRetries(undefined, profile, meshConfig?.defaultHttpRetryPolicy),
    backoff: compileBackoff(undefined, profile, meshConfig?.defaultHttpRetryPolicy),
  };
}

function compileRoute(
  spec: HttpRuleSpec,
  ruleIndex: number,
  name: string,
  matched: MatchedUri,
  scope: RuleScope,
  origin: RuleOrigin,
): Route {
  const meshRetries = scope.meshConfig?.defaultHttpRetryPolicy;
  // Among several weighted destinations each keeps its own; a single one's are joined into the rule's.
  const only = spec.route?.length === 1 ? spec.route[0] : undefined;
  const requestHeaders = compileHeaderOperations([spec.headers?.request, only?.headers?.request]);
  return {
    name,
    origin,
    ruleIndex,
    host: scope.host,
    action: compileAction(spec, matched, scope.destination, origin),
    rewrite: compileRewrite(spec.rewrite, matched, spec.rewrite?.authority || fixedAuthority(requestHeaders, origin)),
    timeoutMs: durationMs(spec.timeout, DEFAULTS[scope.defaults].timeoutMs),
    retry: compileRetries(spec.retries, scope.defaults, meshRetries),
    backoff: compileBackoff(spec.retries, scope.defaults, meshRetries),
    fault: compileFault(spec.fault),
    cors: compileCors(spec.corsPolicy),
    unknownClusterStatus: 503,
    operation: '',
    mirrors: compileMirrors(spec, scope.destination),
    requestHeaders: withoutAuthority(requestHeaders),
    responseHeaders: compileHeaderOperations([spec.headers?.response, only?.headers?.response]),
  };
}

/** A host is decided before a request is sent, once for all. */
function fixedAuthority(operations: HeaderOperations | undefined, origin: RuleOrigin): string | undefined {
  const authority = authorityFrom(operations);
  if (!(authority instanceof HeaderTemplate)) return authority;
  throw new LateenError('LATEEN_CONFIG_INVALID', `${originText(origin)}: the host cannot be set to a value with variables`, {
    policy: originText(origin),
    hint: 'write the host itself, or one rule for each',
  });
}

function compileAction(spec: HttpRuleSpec, matched: MatchedUri, scope: DestinationScope, origin: RuleOrigin): RouteAction {
  if (spec.redirect) return { kind: 'redirect', redirect: compileRedirect(spec.redirect, matched) };
  if (spec.directResponse) {
    const { status, body } = spec.directResponse;
    const bytes = body?.bytes === undefined ? Buffer.from(body?.string ?? '') : Buffer.from(body.bytes, 'base64');
    return { kind: 'respond', response: { status, body: bytes } };
  }
  if (!spec.route || spec.route.length === 0) {
    throw new LateenError('LATEEN_CONFIG_INVALID', `${originText(origin)}: the rule has no route, redirect or directResponse`, {
      policy: originText(origin),
      hint: 'add one of them',
    });
  }
  const destinations = compileDestinations(spec.route, scope, origin);
  const totalWeight = destinations.reduce((sum, destination) => sum + destination.weight, 0);
  return { kind: 'forward', destinations, totalWeight };
}
