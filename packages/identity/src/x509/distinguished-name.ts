import { constructed, type DerNode, TAG } from '../der/asn1.ts';
import { oid, sequence, set, utf8String } from '../der/der-builders.ts';
import { DerError } from '../der/der-error.ts';
import { oidOf, sequenceOf, sequenceOfLength } from '../der/der-readers.ts';
import { OID } from './oids.ts';

/** Only for people to read: nothing is decided by it. All empty in a workload's certificate. */
export interface DistinguishedName {
  readonly organization?: string;
  readonly commonName?: string;
}

export function nameToDer({ organization, commonName }: DistinguishedName): DerNode {
  const relatives: DerNode[] = [];
  if (organization) relatives.push(set(sequence(oid(OID.organizationName), utf8String(organization))));
  if (commonName) relatives.push(set(sequence(oid(OID.commonName), utf8String(commonName))));
  return constructed(TAG.sequence, relatives);
}

/** That it has a name's shape. @throws {DerError} */
export function assertName(node: DerNode | undefined, what: string): void {
  for (const relative of sequenceOf(node, what)) {
    if (relative.tag !== TAG.set || relative.children.length === 0) throw new DerError(`${what} with a part that is no SET`);
    for (const attribute of relative.children)
      oidOf(sequenceOfLength(attribute, 2, 'a name attribute')[0], 'a name attribute id');
  }
}
