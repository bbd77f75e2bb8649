import type { Finding } from '../finding.ts';
import type { Resource } from '../resource.ts';

/** A code that is not to be told of some resources. */
export interface Suppression {
  readonly code: string;
  readonly resources: RegExp;
}

/**
 * `IST0101=VirtualService default/web`, with `*` for any text. `VirtualService web.default`, which istioctl's help shows and istioctl does not understand,
 * means the same. Undefined when it is neither.
 */
export function parseSuppression(text: string): Suppression | undefined {
  const [code, resource, ...more] = text.split('=');
  if (!code || !resource || more.length > 0) return undefined;
  const [kind = '', name = '', ...rest] = resource.split(' ');
  if (rest.length > 0) return undefined;
  const dot = name.lastIndexOf('.');
  const forms = [resource, ...(name.includes('/') || dot < 0 ? [] : [`${kind} ${name.slice(dot + 1)}/${name.slice(0, dot)}`])];
  return { code, resources: new RegExp(`^(?:${forms.map(globSource).join('|')})$`) };
}

const globSource = (glob: string): string =>
  glob
    .split('*')
    .map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`))
    .join('.*');

export function isSuppressed({ code, origin }: Finding, suppressions: readonly Suppression[]): boolean {
  return suppressions.some((suppression) => suppression.code === code && suppression.resources.test(origin));
}

const ANNOTATION = 'galley.istio.io/analyze-suppress';

/** The same as the resources themselves ask for it: a list of codes, or `*`. */
export function askedSuppressions(resources: readonly Resource[]): (finding: Finding) => boolean {
  const codes = new Map<string, ReadonlySet<string>>();
  for (const { kind, metadata } of resources) {
    const asked = metadata.annotations[ANNOTATION];
    if (asked)
      codes.set(`${kind} ${metadata.namespace ? `${metadata.namespace}/` : ''}${metadata.name}`, new Set(asked.split(',')));
  }
  return ({ code, origin }) => {
    const asked = codes.get(origin);
    return asked !== undefined && (asked.has('*') || asked.has(code));
  };
}
