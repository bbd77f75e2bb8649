import type { GatewayApiFilter, Revision } from '@lateen/resources';
import type { HeaderOperationsSpec, HttpRuleSpec, RedirectSpec, StringMatchSpec } from '../spec-types.ts';
import { destinationOf } from './backends.ts';
import { redirectPath, rewritePath } from './path-change.ts';
import type { PathForm } from './path-match.ts';

type HeaderModifier = NonNullable<GatewayApiFilter['requestHeaderModifier']>;
type HeadersSpec = NonNullable<HttpRuleSpec['headers']>;
type MirrorFilter = NonNullable<GatewayApiFilter['requestMirror']>;
type CorsFilter = NonNullable<GatewayApiFilter['cors']>;

/** What filters do to requests that came by one form of a path, in Istio's words. */
export function filterFields(
  filters: readonly GatewayApiFilter[],
  form: PathForm,
  revision: Revision,
  namespace: string,
): Partial<HttpRuleSpec> {
  const redirect = filters.find(({ requestRedirect }) => requestRedirect)?.requestRedirect;
  const rewrite = filters.find(({ urlRewrite }) => urlRewrite)?.urlRewrite;
  const mirrors = filters.flatMap(({ requestMirror }) => requestMirror ?? []);
  const cors = filters.find((filter) => filter.cors)?.cors;
  const headers = headersOf(filters);
  return {
    ...(headers ? { headers } : {}),
    ...(redirect ? { redirect: redirectOf(redirect, form) } : {}),
    ...(rewrite
      ? { rewrite: { ...rewritePath(rewrite.path, form), ...(rewrite.hostname ? { authority: rewrite.hostname } : {}) } }
      : {}),
    ...(mirrors.length > 0 ? { mirrors: mirrors.map((mirror) => mirrorOf(mirror, revision, namespace)) } : {}),
    ...(cors ? { corsPolicy: corsOf(cors) } : {}),
  };
}

/** Header operations of a rule, or of one of its backends. */
export function headersOf(filters: readonly GatewayApiFilter[]): HeadersSpec | undefined {
  const request = filters.find(({ requestHeaderModifier }) => requestHeaderModifier)?.requestHeaderModifier;
  const response = filters.find(({ responseHeaderModifier }) => responseHeaderModifier)?.responseHeaderModifier;
  if (!request && !response) return undefined;
  return { ...(request ? { request: operations(request) } : {}), ...(response ? { response: operations(response) } : {}) };
}

function operations({ set = [], add = [], remove = [] }: HeaderModifier): HeaderOperationsSpec {
  const byName = (headers: readonly { readonly name: string; readonly value: string }[]): Record<string, string> =>
    Object.fromEntries(headers.map(({ name, value }) => [name, value]));
  return { set: byName(set), add: byName(add), remove: [...remove] };
}

/** A port that is not written is the request's, or with a new scheme that scheme's own. */
function redirectOf(
  { scheme, hostname, port, path, statusCode = 302 }: NonNullable<GatewayApiFilter['requestRedirect']>,
  form: PathForm,
): RedirectSpec {
  return {
    ...redirectPath(path, form),
    ...(scheme ? { scheme } : {}),
    ...(hostname ? { authority: hostname } : {}),
    ...(port === undefined ? { derivePort: scheme ? 'FROM_PROTOCOL_DEFAULT' : 'FROM_REQUEST_PORT' } : { port }),
    redirectCode: statusCode,
  };
}

function mirrorOf({ backendRef, percent, fraction }: MirrorFilter, revision: Revision, namespace: string) {
  const value = fraction ? (fraction.numerator / (fraction.denominator ?? 100)) * 100 : (percent ?? 100);
  return { destination: destinationOf(revision, namespace, backendRef), percentage: { value: Math.min(100, value) } };
}

function corsOf(cors: CorsFilter): NonNullable<HttpRuleSpec['corsPolicy']> {
  const { allowOrigins = [], allowMethods, allowHeaders, exposeHeaders, allowCredentials, maxAge } = cors;
  return {
    allowOrigins: allowOrigins.map(originMatch),
    ...(allowMethods ? { allowMethods } : {}),
    ...(allowHeaders ? { allowHeaders } : {}),
    ...(exposeHeaders ? { exposeHeaders } : {}),
    ...(allowCredentials === undefined ? {} : { allowCredentials }),
    ...(maxAge === undefined ? {} : { maxAge: `${maxAge}s` }),
  };
}

/** `*` stands for any origin, and within a host for its first labels. */
function originMatch(origin: string): StringMatchSpec {
  if (!origin.includes('*')) return { exact: origin };
  return { regex: origin.replaceAll(/[\\^$.|?+()[\]{}]/g, '\\$&').replaceAll('*', '.*') };
}
