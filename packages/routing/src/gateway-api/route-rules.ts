import type { RuleOrigin } from '@lateen/core';
import { originOf, type Revision } from '@lateen/resources';
import type { HttpRuleSpec, RouteDestinationSpec } from '../spec-types.ts';
import { destinationOf } from './backends.ts';
import { filterFields, headersOf } from './filters.ts';
import type { RouteResource } from './parents.ts';
import { matchBlock, type PathForm, pathForms } from './path-match.ts';
import type { RouteMatch, RouteRule } from './precedence.ts';

/** One match of one rule of an HTTPRoute, as a rule of Istio's. */
export interface TranslatedRule {
  readonly spec: HttpRuleSpec;
  /** What precedence is decided by. */
  readonly match: RouteMatch;
  readonly origin: RuleOrigin;
  /** Of the rule within its HTTPRoute. */
  readonly index: number;
}

const NOBODY_SERVES = { directResponse: { status: 500 } } as const;

/** The rules of an HTTPRoute, each match by itself, since the Gateway API orders matches and not rules. */
export function translateRules(route: RouteResource, revision: Revision): readonly TranslatedRule[] {
  const rules = route.spec.rules ?? [{}];
  return rules.flatMap((rule, index) => {
    const origin = originOf(route, `/spec/rules/${index}`);
    const name = rule.name ?? `${route.metadata.namespace}.${route.metadata.name}.${index}`;
    const matches: readonly RouteMatch[] = rule.matches?.length ? rule.matches : [{}];
    return matches.flatMap((match) =>
      formsApart(match, rule).map((forms) => ({
        spec: { name, ...specOf(rule, match, forms, revision, route.metadata.namespace) },
        match,
        origin,
        index,
      })),
    );
  });
}

/** Where the path changes with its prefix, each form of it needs a rule of its own. */
function formsApart(match: RouteMatch, { filters = [] }: RouteRule): readonly (readonly [PathForm, ...PathForm[]])[] {
  const forms = pathForms(match) as readonly [PathForm, ...PathForm[]];
  const changes = filters.some(({ urlRewrite, requestRedirect }) => urlRewrite?.path || requestRedirect?.path);
  return changes ? forms.map((form) => [form]) : [forms];
}

function specOf(
  rule: RouteRule,
  match: RouteMatch,
  forms: readonly [PathForm, ...PathForm[]],
  revision: Revision,
  namespace: string,
): HttpRuleSpec {
  const blocks = forms.map((form) => matchBlock(match, form));
  const fields = filterFields(rule.filters ?? [], forms[0], revision, namespace);
  return {
    ...(blocks.some((block) => Object.keys(block).length > 0) ? { match: blocks } : {}),
    ...fields,
    ...(fields.redirect ? {} : actionOf(rule, revision, namespace)),
    ...timing(rule),
  };
}

function actionOf({ backendRefs = [] }: RouteRule, revision: Revision, namespace: string): Partial<HttpRuleSpec> {
  const route = backendRefs
    .filter(({ weight = 1 }) => weight > 0)
    .map((backend): RouteDestinationSpec => {
      const headers = headersOf(backend.filters ?? []);
      const destination = destinationOf(revision, namespace, backend);
      return { destination, weight: backend.weight ?? 1, ...(headers ? { headers } : {}) };
    });
  return route.length > 0 ? { route } : NOBODY_SERVES;
}

/** Statuses are retried besides what says that nobody has seen the request. */
const RETRIED = ['connect-failure', 'refused-stream', 'unavailable', 'cancelled'];
const DEFAULT_ATTEMPTS = 2;

function timing({ timeouts, retry }: RouteRule): Partial<HttpRuleSpec> {
  const { request, backendRequest } = timeouts ?? {};
  if (!retry) {
    const timeout = backendRequest && !isZero(backendRequest) ? backendRequest : request;
    return timeout === undefined ? {} : { timeout };
  }
  return {
    ...(request === undefined ? {} : { timeout: request }),
    retries: {
      attempts: retry.attempts ?? DEFAULT_ATTEMPTS,
      retryOn: [...RETRIED, ...(retry.codes ?? [])].join(','),
      ...(backendRequest && !isZero(backendRequest) ? { perTryTimeout: backendRequest } : {}),
      ...(retry.backoff && !isZero(retry.backoff) ? { backoff: retry.backoff } : {}),
    },
  };
}

/** `0s` switches a limit off. */
function isZero(duration: string): boolean {
  return !/[1-9]/.test(duration);
}
