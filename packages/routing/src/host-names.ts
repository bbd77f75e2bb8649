/** Ending of a service's fully qualified name. */
const SERVICE_DOMAIN = 'svc.cluster.local';

/** A host as a rule in `namespace` writes it, fully qualified: only names without a dot are completed, as in Istio. */
export function resolveHost(host: string, namespace: string): string {
  const lower = host.toLowerCase();
  return lower.includes('.') || lower === '*' ? lower : `${lower}.${namespace}.${SERVICE_DOMAIN}`;
}

/**
 * The short spellings of a service's host that a caller in `callerNamespace` may use: `reviews.default.svc`, `reviews.default`, and
 * `reviews` in its own namespace. Hosts outside the mesh have none.
 */
export function shortNames(host: string, callerNamespace: string): string[] {
  const service = host.indexOf('.svc.');
  const dot = host.indexOf('.');
  if (service <= 0 || dot + 1 > service) return [];
  const short = host.slice(0, service);
  const names = [`${short}.svc`, short];
  if (host.slice(dot + 1, service) === callerNamespace) names.push(host.slice(0, dot));
  return names;
}

/** The host of an authority for looking it up: no port, no trailing dot, lower case. IPv6 keeps its brackets. */
export function authorityHost(authority: string): string {
  const colon = authority.lastIndexOf(':');
  let end = colon > authority.lastIndexOf(']') ? colon : authority.length;
  if (end > 0 && authority.charCodeAt(end - 1) === 46) end--;
  return (end === authority.length ? authority : authority.slice(0, end)).toLowerCase();
}

export function isWildcard(host: string): boolean {
  return host.startsWith('*');
}

/** Whether `pattern` (exact, `*`, or `*.example.com`, which leaves out `example.com`) covers `host`, itself perhaps a pattern. */
export function hostCovers(pattern: string, host: string): boolean {
  if (!isWildcard(pattern)) return pattern === host;
  const suffix = pattern.slice(1);
  if (isWildcard(host)) return host.slice(1).endsWith(suffix);
  return host.length > suffix.length && host.endsWith(suffix);
}

/** What two patterns have in common: the narrower one, or nothing. */
export function hostIntersection(one: string, other: string): string | undefined {
  if (hostCovers(one, other)) return other;
  return hostCovers(other, one) ? one : undefined;
}

/** Whether two hosts, either perhaps a pattern, have a name in common. */
export function hostsOverlap(one: string, other: string): boolean {
  if (!isWildcard(one)) return isWildcard(other) ? one.endsWith(other.slice(1)) : one === other;
  if (!isWildcard(other)) return other.endsWith(one.slice(1));
  return one.length < other.length ? other.endsWith(one.slice(1)) : one.endsWith(other.slice(1));
}

/**
 * Looks hosts up: exact names by map, then wildcards, the longest first. No fall through: the first that covers the host
 * is the answer.
 */
export class HostMap<T> {
  readonly #exact: Map<string, T>;
  readonly #wildcards: { readonly suffix: string; readonly value: T }[];

  constructor(exact: Iterable<readonly [string, T]> = [], wildcards: readonly { suffix: string; value: T }[] = []) {
    this.#exact = new Map(exact);
    this.#wildcards = [...wildcards];
  }

  /** The first entry for a name stays. Returns whether it was taken in. */
  add(host: string, value: T): boolean {
    if (!isWildcard(host)) {
      if (this.#exact.has(host)) return false;
      this.#exact.set(host, value);
      return true;
    }
    const suffix = host.slice(1);
    if (this.#wildcards.some((entry) => entry.suffix === suffix)) return false;
    this.#wildcards.push({ suffix, value });
    this.#wildcards.sort((a, b) => b.suffix.length - a.suffix.length);
    return true;
  }

  copy(): HostMap<T> {
    return new HostMap(this.#exact, this.#wildcards);
  }

  /** Puts another value where a name has this one. */
  replace(host: string, before: T, after: T): void {
    if (!isWildcard(host)) {
      if (this.#exact.get(host) === before) this.#exact.set(host, after);
      return;
    }
    const index = this.#wildcards.findIndex(({ suffix, value }) => suffix === host.slice(1) && value === before);
    if (index !== -1) this.#wildcards[index] = { suffix: host.slice(1), value: after };
  }

  /** By authority as a caller wrote it. A plain lower-case name without a port costs one map lookup. */
  find(authority: string): T | undefined {
    return this.#exact.get(authority) ?? this.findHost(authorityHost(authority));
  }

  /** By host, lower case, without port. */
  findHost(host: string): T | undefined {
    const exact = this.#exact.get(host);
    if (exact !== undefined) return exact;
    for (const { suffix, value } of this.#wildcards) {
      if (host.length > suffix.length && host.endsWith(suffix)) return value;
    }
    return undefined;
  }
}
