import { LateenError } from '@lateen/core';

/** A SPIFFE ID, taken apart. `namespace` and `serviceAccount` are empty unless the path is `/ns/<ns>/sa/<account>`. */
export interface SpiffeId {
  /** `spiffe://cluster.local/ns/default/sa/bookinfo-reviews` */
  readonly id: string;
  readonly trustDomain: string;
  readonly namespace: string;
  readonly serviceAccount: string;
}

const SHAPE = /^spiffe:\/\/([a-z0-9._-]{1,255})((?:\/[A-Za-z0-9._-]+)+)$/;
const TRUST_DOMAIN = /^[a-z0-9._-]{1,255}$/;
const SEGMENT = /^[A-Za-z0-9._-]{1,253}$/;
const MAX_LENGTH = 2048;

/**
 * Takes a workload's ID apart. The SPIFFE rules, strictly: lower-case trust domain, no port, user, query, percent sign,
 * empty or dot segment, at most 2048 characters, and a path.
 *
 * @returns undefined when it is no ID.
 */
export function parseSpiffeId(text: string): SpiffeId | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  const match = SHAPE.exec(text);
  if (!match || text.endsWith('\n')) return undefined;
  const segments = (match[2] as string).split('/').slice(1);
  if (segments.some((segment) => segment === '.' || segment === '..')) return undefined;
  const istio = segments.length === 4 && segments[0] === 'ns' && segments[2] === 'sa';
  return {
    id: text,
    trustDomain: match[1] as string,
    namespace: istio ? (segments[1] as string) : '',
    serviceAccount: istio ? (segments[3] as string) : '',
  };
}

/** `spiffe://<trust domain>/ns/<namespace>/sa/<service account>`. @throws {LateenError} `LATEEN_BAD_OPTION` on a part that can't stand in an ID. */
export function formatSpiffeId(parts: {
  readonly trustDomain: string;
  readonly namespace: string;
  readonly serviceAccount: string;
}): string {
  if (!isTrustDomain(parts.trustDomain)) throw badPart('trust domain', parts.trustDomain, 'lower-case letters, digits, . _ -');
  if (!isSegment(parts.namespace)) throw badPart('namespace', parts.namespace, 'letters, digits, . _ -');
  if (!isSegment(parts.serviceAccount)) throw badPart('service account', parts.serviceAccount, 'letters, digits, . _ -');
  return `spiffe://${parts.trustDomain}/ns/${parts.namespace}/sa/${parts.serviceAccount}`;
}

export function isTrustDomain(text: string): boolean {
  return TRUST_DOMAIN.test(text) && !text.endsWith('\n');
}

function isSegment(text: string): boolean {
  return typeof text === 'string' && SEGMENT.test(text) && !text.endsWith('\n') && text !== '.' && text !== '..';
}

function badPart(what: string, value: string, allowed: string): LateenError {
  return new LateenError('LATEEN_BAD_OPTION', `${JSON.stringify(value)} is no ${what} for a SPIFFE ID`, {
    hint: `use ${allowed}`,
  });
}
