import type { Address } from './address.ts';
import type { Subject } from './subject.ts';

/** Text of a request that conditions are about. It may have several values (header lines, list claims), none, or one. */
export interface TextAttribute {
  /** As Istio names it: `request.headers[x]`. */
  readonly name: string;
  /** How many values there are to look at. */
  count(subject: Subject): number;
  /** The value at `index`; undefined where that one is no text or not of this attribute. */
  at(subject: Subject, index: number): string | undefined;
}

/** An attribute of at most one value. */
export function single(name: string, read: (subject: Subject) => string | undefined): TextAttribute {
  return { name, count: () => 1, at: read };
}

/** An address of the request. */
export interface AddressAttribute {
  readonly name: string;
  of(subject: Subject): Address;
}

export const SOURCE_IP: AddressAttribute = { name: 'source.ip', of: (subject) => subject.source };
export const REMOTE_IP: AddressAttribute = { name: 'remote.ip', of: (subject) => subject.remote };
export const DESTINATION_IP: AddressAttribute = { name: 'destination.ip', of: (subject) => subject.destination };

export const PATH = single('path', (subject) => subject.path);
export const METHOD = single('method', (subject) => subject.facts.method);
export const HOST = single('host', (subject) => subject.host);
export const SNI = single('connection.sni', (subject) => subject.sni);
/** The whole ID, `spiffe://…`. */
export const PRINCIPAL = single('source.principal', ({ facts: { principal } }) => principal?.id);
export const SERVICE_ACCOUNT = single('source.serviceAccount', (subject) => subject.serviceAccount);
/** Only of names of the shape `/ns/…/sa/…`. */
export const NAMESPACE = single('source.namespace', ({ facts: { principal } }) => principal?.namespace || undefined);
export const TRUST_DOMAIN = single('source.trustDomain', ({ facts: { principal } }) => principal?.trustDomain);

const PSEUDO: Readonly<Record<string, (subject: Subject) => string | undefined>> = {
  host: ({ facts }) => facts.host,
  ':authority': ({ facts }) => facts.host,
  ':method': ({ facts }) => facts.method,
  ':path': ({ facts }) => facts.path,
  ':scheme': ({ facts }) => facts.scheme,
};

/** A header, line by line; `host` and the names with a colon are parts of the request line, as in HTTP/2. */
export function header(name: string): TextAttribute {
  const lowerName = name.toLowerCase();
  const label = `request.headers[${lowerName}]`;
  const pseudo = Object.hasOwn(PSEUDO, lowerName) ? PSEUDO[lowerName] : undefined;
  if (pseudo) return single(label, pseudo);
  return {
    name: label,
    count: ({ facts }) => facts.headers.length >> 1,
    at({ facts: { headers } }, index) {
      const line = headers[index * 2] as string;
      const named = line.length === lowerName.length && (line === lowerName || line.toLowerCase() === lowerName);
      return named ? headers[index * 2 + 1] : undefined;
    },
  };
}

/** A claim by its path; only text counts, alone or in a list. */
export function claim(path: readonly string[]): TextAttribute {
  return {
    name: `request.auth.claims${path.map((part) => `[${part}]`).join('')}`,
    count(subject) {
      const value = claimAt(subject, path);
      return Array.isArray(value) ? value.length : 1;
    },
    at(subject, index) {
      const value = claimAt(subject, path);
      const item: unknown = Array.isArray(value) ? value[index] : value;
      return typeof item === 'string' ? item : undefined;
    },
  };
}

/** A claim that is text, for those that may not be a list. */
export function textClaim(name: string): TextAttribute {
  const path = [name];
  return single(`request.auth.claims[${name}]`, (subject) => {
    const value = claimAt(subject, path);
    return typeof value === 'string' ? value : undefined;
  });
}

function claimAt(subject: Subject, path: readonly string[]): unknown {
  let value: unknown = subject.facts.claims;
  for (let i = 0; i < path.length; i++) {
    const name = path[i] as string;
    if (typeof value !== 'object' || value === null || Array.isArray(value) || !Object.hasOwn(value, name)) return undefined;
    value = (value as Record<string, unknown>)[name];
  }
  return value;
}
