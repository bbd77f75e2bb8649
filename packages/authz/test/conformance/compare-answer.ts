import type { CaseRequest, Observed, SeenRequest } from './corpus.ts';
import type { Answer } from './process-under-test.ts';

/** Headers that the proxy or node adds; not the business of decisions. */
const MECHANICS: ReadonlySet<string> = new Set(
  'content-length content-type date server x-envoy-decorator-operation x-envoy-upstream-service-time host x-forwarded-proto x-request-id x-forwarded-for x-envoy-attempt-count x-envoy-external-address connection'.split(
    ' ',
  ),
);

/** What differs between an answer and the recorded one, a line each. `expand` puts tokens in place of their names. */
export function differences(
  request: CaseRequest,
  observed: Observed,
  answer: Answer,
  expand: (text: string) => string,
): string[] {
  const found: string[] = [];
  const compare = (what: string, expected: unknown, got: unknown): void => {
    if (JSON.stringify(expected) !== JSON.stringify(got))
      found.push(`${what}: ${JSON.stringify(expected)} expected, got ${JSON.stringify(got)}`);
  };
  compare('status', observed.status, answer.status);
  if (observed.body !== undefined && request.method !== 'HEAD' && observed.status !== 200)
    compare('body', observed.body, answer.body);
  if (observed.details?.match(/^(rbac|jwt|ext_authz)/)) compare('details', observed.details, answer.details);
  if (observed.termination) compare('termination', observed.termination, answer.details);
  if (observed.flags === 'UAEX') compare('flag', observed.flags, answer.flag);
  compare('allowedBy', observed.allowedBy, answer.allowedBy);
  compare('dryRun', observed.dryRun ?? {}, dryRunOf(answer));
  if (observed.upstream) {
    if (answer.upstream) compare('path', expand(observed.upstream.path), answer.upstream.path);
    compareHeaders('upstream', observed.upstream, answer.upstream?.headers ?? [], compare, expand);
  }
  if (observed.status !== 200 || answer.status !== 200) compareHeaders('answer', observed, answer.headers, compare, expand);
  if (Array.isArray(observed.calls)) {
    const checks = (observed.calls as readonly SeenRequest[]).filter(({ instance }) => instance === 'authz-1');
    const seen = checks.map(({ method, path, headers = {}, body = '' }) => ({ method, path, headers: sorted(headers), body }));
    compare(
      'checks',
      seen,
      answer.calls.map((call) => ({ ...call, headers: sorted(call.headers) })),
    );
  }
  return found;
}

function compareHeaders(
  where: string,
  { headers = {} }: { readonly headers?: Readonly<Record<string, string | null>> },
  got: readonly string[],
  compare: (what: string, expected: unknown, got: unknown) => void,
  expand: (text: string) => string,
): void {
  for (const [name, value] of Object.entries(headers)) {
    if (MECHANICS.has(name)) continue;
    const lines = got.filter((_, i) => i % 2 === 1 && got[i - 1]?.toLowerCase() === name);
    compare(`${where} ${name}`, value === null ? undefined : expand(value), lines.length > 0 ? lines.join(',') : undefined);
  }
}

function dryRunOf({ dryRun = {} }: Answer): object {
  return Object.fromEntries(
    Object.entries(dryRun).map(([action, { result, policyId }]) => [
      action,
      { result, ...(policyId !== undefined && { policy: policyId }) },
    ]),
  );
}

function sorted(headers: Readonly<Record<string, string | null>>): object {
  return Object.fromEntries(Object.entries(headers).sort(([a], [b]) => (a < b ? -1 : 1)));
}
