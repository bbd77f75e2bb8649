import type { GatewayApiFilter } from '@lateen/resources';
import type { RedirectSpec, RewriteSpec } from '../spec-types.ts';
import type { PathForm } from './path-match.ts';

type PathModifier = NonNullable<NonNullable<GatewayApiFilter['urlRewrite']>['path']>;

/** The new path of a request that is sent on. A replaced prefix is one of whole segments: `/a` for `/b` makes `/b/x` `/a/x`, and `/b` `/a`. */
export function rewritePath(path: PathModifier | undefined, form: PathForm): RewriteSpec {
  if (!path) return {};
  if (path.type === 'ReplacePrefixMatch') return { uri: replacedPrefix(path, form) };
  const whole = path.replaceFullPath || '/';
  return form.kind === 'exact' ? { uri: whole } : { uriRegexRewrite: { match: '/.*', rewrite: whole.replaceAll('\\', '\\\\') } };
}

/** The same for the place a redirect points at. */
export function redirectPath(path: PathModifier | undefined, form: PathForm): RedirectSpec {
  if (!path) return {};
  if (path.type === 'ReplaceFullPath') return { uri: path.replaceFullPath || '/' };
  const replaced = replacedPrefix(path, form);
  return form.kind === 'exact' ? { uri: replaced } : { prefixRewrite: replaced };
}

function replacedPrefix({ replacePrefixMatch = '' }: PathModifier, { kind }: PathForm): string {
  const prefix = replacePrefixMatch.replace(/\/$/, '');
  return kind === 'below' ? `${prefix}/` : prefix || '/';
}
