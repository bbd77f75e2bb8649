import type { TextPattern } from './text-set.ts';

/** What a `{*}` stands for: RFC 3986's characters of a segment, as Envoy has them (no `*`). */
const SEGMENT = "[a-zA-Z0-9\\-._~%!$&'()+,;:@=]";
const SPECIAL = /[.*+?^${}()|[\]\\]/g;

/**
 * A path with `{*}` (one non-empty segment) or `{**}` (any number of segments). The expression has neither alternatives nor nested
 * repetition, and `{**}` stands once: it can't run away.
 *
 * @returns undefined for a path without them.
 */
export function pathTemplate(text: string): TextPattern | undefined {
  if (!text.includes('{*}') && !text.includes('{**}')) return undefined;
  const pattern = text
    .split(/(\{\*\*?\})/)
    .map((part) =>
      part === '{*}' ? `${SEGMENT}+` : part === '{**}' ? `${SEGMENT.slice(0, -1)}/]*` : part.replace(SPECIAL, '\\$&'),
    )
    .join('');
  return { pattern: new RegExp(`^${pattern}$`), prefix: text.slice(0, text.search(/\{\*/)) };
}

/** A name with a star that is neither its first nor its last character alone: `a*b`, `*a*`. @returns undefined for the others. */
export function starInside(text: string): TextPattern | undefined {
  if (!text.slice(1, -1).includes('*') && !(text.length > 1 && text.startsWith('*') && text.endsWith('*'))) return undefined;
  const pattern = text
    .split('*')
    .map((part) => part.replace(SPECIAL, '\\$&'))
    .join('[^/]*');
  return { pattern: new RegExp(`^${pattern}$`), prefix: text.slice(0, text.indexOf('*')) };
}
