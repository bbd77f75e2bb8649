import { LateenError, originText, type RuleOrigin } from '@lateen/core';
import { originOf, type Resource } from '@lateen/resources';
import { DEFAULTS, type DefaultsProfile } from './defaults.ts';
import { compileDestinations, type DestinationScope } from './destinations.ts';
import { compileFault } from './fault.ts';
import { authorityFrom, compileHeaderOperations, withoutAuthority } from './header-operations.ts';
import { compileMatchBlock, whyOutOfScope, type MatchBlock, type MatchScope } from './match-block.ts';
import { compileMirrors } from './mirrors.ts';
import { compileRedirect } from './redirect.ts';
import { compileBackoff, compileRetries, durationMs } from './retries.ts';
import { compileRewrite, type MatchedUri } from './rewrite.ts';
import type { Match, Route, RouteAction } from './route.ts';
import type { HttpRuleSpec, MatchBlockSpec } from './spec-types.ts';

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
}

/** The rules of a VirtualService in their order, one entry for each match block; what follows a catch-all is unreachable and left out. */
export function compileRules(resource: Resource, http: readonly HttpRuleSpec[], scope: RuleScope): CompiledRules {
  const rules: CompiledRule[] = [];
  const skipped: SkippedRule[] = [];
  for (const [ruleIndex, spec] of http.entries()) {
    const origin = originOf(resource, `/spec/http/${ruleIndex}`);
    const blocks: readonly (MatchBlockSpec | undefined)[] = spec.match && spec.match.length > 0 ? spec.match : [undefined];
    for (const [matchIndex, blockSpec] of blocks.entries()) {
      const reason = whyOutOfScope(blockSpec, scope.match, resource.metadata.namespace);
      if (reason !== undefined) {
        skipped.push({ origin, ruleIndex, reason });
        continue;
      }
      const block = compileMatchBlock(blockSpec);
      rules.push(compiledRule(block, matchIndex, compileRoute(spec, ruleIndex, block.matchedUri, scope, origin)));
      if (block.catchAll) return { rules, skipped };
    }
  }
  return { rules, skipped };
}

export function compiledRule(block: MatchBlock, matchIndex: number, route: Route): CompiledRule {
  return { block, route, matchIndex, match: { kind: 'route', route, matchIndex } };
}

/** The route a service has without any rule: all of it to all of its endpoints. */
export function defaultRoute(host: string, cluster: string, profile: DefaultsProfile): Route {
  const defaults = DEFAULTS[profile];
  const destination = { cluster, weight: 1, requestHeaders: undefined, responseHeaders: undefined };
  return {
    name: 'default',
    origin: undefined,
    ruleIndex: -1,
    host,
    action: { kind: 'forward', destinations: [destination], totalWeight: 1 },
    rewrite: undefined,
    timeoutMs: defaults.timeoutMs,
    retry: defaults.retry,
    backoff: defaults.backoff,
    fault: undefined,
    mirrors: [],
    requestHeaders: undefined,
    responseHeaders: undefined,
  };
}

function compileRoute(spec: HttpRuleSpec, ruleIndex: number, matched: MatchedUri, scope: RuleScope, origin: RuleOrigin): Route {
  // Among several weighted destinations each keeps its own; a single one's are joined into the rule's.
  const only = spec.route?.length === 1 ? spec.route[0] : undefined;
  const requestHeaders = compileHeaderOperations([spec.headers?.request, only?.headers?.request]);
  return {
    name: spec.name ?? '',
    origin,
    ruleIndex,
    host: scope.host,
    action: compileAction(spec, matched, scope.destination, origin),
    rewrite: compileRewrite(spec.rewrite, matched, spec.rewrite?.authority || authorityFrom(requestHeaders)),
    timeoutMs: durationMs(spec.timeout, DEFAULTS[scope.defaults].timeoutMs),
    retry: compileRetries(spec.retries, scope.defaults),
    backoff: compileBackoff(spec.retries, scope.defaults),
    fault: compileFault(spec.fault),
    mirrors: compileMirrors(spec, scope.destination),
    requestHeaders: withoutAuthority(requestHeaders),
    responseHeaders: compileHeaderOperations([spec.headers?.response, only?.headers?.response]),
  };
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
