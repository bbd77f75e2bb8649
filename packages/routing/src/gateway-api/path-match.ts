import type { MatchBlockSpec, StringMatchSpec } from '../spec-types.ts';
import type { RouteMatch } from './precedence.ts';

/** The forms of a path that a match takes, in Istio's words; a prefix of whole segments is two of them. */
export type PathForm =
  | { readonly kind: 'exact' | 'regex'; readonly value: string }
  /** `value` ends in a slash: all that is below it. */
  | { readonly kind: 'below'; readonly value: string };

export function pathForms({ path }: RouteMatch): readonly PathForm[] {
  const { type = 'PathPrefix', value = '/' } = path ?? {};
  if (type === 'Exact') return [{ kind: 'exact', value }];
  if (type === 'RegularExpression') return [{ kind: 'regex', value }];
  const prefix = value.replace(/\/$/, '');
  const below: PathForm = { kind: 'below', value: `${prefix}/` };
  return prefix === '' ? [below] : [{ kind: 'exact', value: prefix }, below];
}

/** A match of the Gateway API with one form of its path, as a block of Istio's. */
export function matchBlock({ path, headers, queryParams, method }: RouteMatch, form: PathForm): MatchBlockSpec {
  const everyPath = path === undefined || (form.kind === 'below' && form.value === '/');
  return {
    ...(everyPath ? {} : { uri: uriMatch(form) }),
    ...(headers?.length ? { headers: byName(headers) } : {}),
    ...(queryParams?.length ? { queryParams: byName(queryParams) } : {}),
    ...(method === undefined ? {} : { method: { exact: method } }),
  };
}

function uriMatch({ kind, value }: PathForm): StringMatchSpec {
  return kind === 'below' ? { prefix: value } : kind === 'exact' ? { exact: value } : { regex: value };
}

function byName(matches: NonNullable<RouteMatch['headers']>): Record<string, StringMatchSpec> {
  return Object.fromEntries(
    matches.map(({ name, type, value }) => [name, type === 'RegularExpression' ? { regex: value } : { exact: value }]),
  );
}
