import { type DerNode, decodeDer, encodeDer, TAG } from '../der/asn1.ts';
import { boolean, octetString, oid, sequence } from '../der/der-builders.ts';
import { DerError } from '../der/der-error.ts';
import { octetsOf, oidOf, sequenceOf } from '../der/der-readers.ts';
import { CERTIFICATE_LIMITS } from '../der/strict-der.ts';

export interface Extension {
  readonly oid: string;
  readonly critical: boolean;
  /** DER of the extension's own type. */
  readonly value: Buffer;
}

export function extension(dotted: string, critical: boolean, value: DerNode): Extension {
  return { oid: dotted, critical, value: encodeDer(value) };
}

export function extensionsToDer(extensions: readonly Extension[]): DerNode {
  return sequence(
    ...extensions.map(({ oid: dotted, critical, value }) =>
      critical ? sequence(oid(dotted), boolean(true), octetString(value)) : sequence(oid(dotted), octetString(value)),
    ),
  );
}

/** @throws {DerError} also when one kind comes twice. */
export function extensionsFromDer(node: DerNode | undefined): ReadonlyMap<string, Extension> {
  const found = new Map<string, Extension>();
  for (const entry of sequenceOf(node, 'the extension list')) {
    const parts = sequenceOf(entry, 'an extension');
    const dotted = oidOf(parts[0], 'an extension id');
    if (found.has(dotted)) throw new DerError(`extension ${dotted} twice`);
    const critical = parts.length === 3 && readCritical(parts[1]);
    if (parts.length !== 2 && parts.length !== 3) throw new DerError(`extension ${dotted} has ${parts.length} parts`);
    found.set(dotted, { oid: dotted, critical, value: octetsOf(parts[parts.length - 1], 'an extension value') });
  }
  if (found.size === 0) throw new DerError('an empty extension list');
  return found;
}

export function decodeExtension(value: Buffer): DerNode {
  return decodeDer(value, CERTIFICATE_LIMITS);
}

/** FALSE is the default and DER leaves defaults out, so only TRUE may be written. */
function readCritical(node: DerNode | undefined): boolean {
  if (node?.tag !== TAG.boolean || node.content[0] !== 0xff) {
    throw new DerError('a criticality that is not TRUE');
  }
  return true;
}
