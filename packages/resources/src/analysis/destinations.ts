import type { DraftResource } from './analysis-context.ts';

export type VirtualServiceDraft = DraftResource<'VirtualService'>;

/** A place of a VirtualService that names where requests go. */
export interface NamedDestination {
  readonly host: string;
  readonly subset: string | undefined;
  readonly port: number | undefined;
  readonly isMirror: boolean;
  readonly weight: number | undefined;
  /** Of the rule: `/spec/http/0`. */
  readonly rule: string;
  /** Where the host stands; empty where messages point to the document instead. */
  readonly pointer: string;
}

type Written = {
  readonly host?: string | undefined;
  readonly subset?: string | undefined;
  readonly port?: { readonly number?: number | undefined } | undefined;
};

/** Route destinations (TCP, TLS, HTTP), then mirrors. */
export function destinationsOf({ spec }: VirtualServiceDraft): NamedDestination[] {
  const routed = (['tcp', 'tls', 'http'] as const).flatMap((protocol) =>
    (spec[protocol] ?? []).flatMap(({ route = [] }, index) =>
      route.map(({ destination, weight }, position) =>
        named(destination, {
          rule: `/spec/${protocol}/${index}`,
          pointer: `/spec/${protocol}/${index}/route/${position}/destination/host`,
          isMirror: false,
          weight,
        }),
      ),
    ),
  );
  return [...routed, ...mirrorsOf(spec)];
}

function mirrorsOf({ http = [] }: VirtualServiceDraft['spec']): NamedDestination[] {
  return http.flatMap(({ mirror, mirrors = [] }, index) => {
    const rule = `/spec/http/${index}`;
    const place = { rule, isMirror: true, weight: undefined };
    const single = mirror ? [named(mirror, { ...place, pointer: `${rule}/mirror/host` })] : [];
    // istioctl points to the document for these.
    return [...single, ...mirrors.map(({ destination }) => named(destination, { ...place, pointer: '' }))];
  });
}

function named(
  { host = '', subset, port }: Written = {},
  place: Pick<NamedDestination, 'rule' | 'pointer' | 'isMirror' | 'weight'>,
): NamedDestination {
  return { host, subset: subset === '' ? undefined : subset, port: port && (port.number ?? 0), ...place };
}
