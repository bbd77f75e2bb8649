import { constructed, primitive, TAG } from '../der/asn1.ts';
import { sequence } from '../der/der-builders.ts';
import { DerError } from '../der/der-error.ts';
import { sequenceOf } from '../der/der-readers.ts';
import { decodeExtension, type Extension, extension } from './extension.ts';
import { OID } from './oids.ts';

const PERMITTED_TAG = TAG.contextConstructed;
const URI_TAG = TAG.context | 6;

/** Lets an authority vouch only for URIs of this host: a SPIFFE trust domain. Source: RFC 5280 §4.2.1.10. */
export function uriNameConstraint(trustDomain: string): Extension {
  const subtree = sequence(primitive(URI_TAG, Buffer.from(trustDomain, 'latin1')));
  return extension(OID.nameConstraints, true, sequence(constructed(PERMITTED_TAG, [subtree])));
}

/**
 * The URI hosts that are permitted; undefined when URIs are not constrained. Constraints on other kinds of name are let be,
 * since nothing here goes by those names.
 *
 * @throws {DerError} on an excluded subtree, which is not understood.
 */
export function readPermittedUriHosts(value: Buffer): readonly string[] | undefined {
  const hosts: string[] = [];
  for (const part of sequenceOf(decodeExtension(value), 'the name constraints')) {
    if (part.tag !== PERMITTED_TAG) throw new DerError('name constraints with excluded subtrees');
    for (const subtree of part.children) {
      const base = sequenceOf(subtree, 'a subtree')[0];
      if (base?.tag === URI_TAG) hosts.push(base.content.toString('latin1').toLowerCase());
    }
  }
  return hosts.length > 0 ? hosts : undefined;
}

/** A host is meant exactly; one that starts with a dot means everything below it. */
export function permitsTrustDomain(hosts: readonly string[] | undefined, trustDomain: string): boolean {
  if (!hosts) return true;
  return hosts.some((host) => (host.startsWith('.') ? trustDomain.endsWith(host) : trustDomain === host));
}
