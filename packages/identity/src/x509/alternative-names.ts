import { type DerNode, primitive, TAG } from '../der/asn1.ts';
import { sequence } from '../der/der-builders.ts';
import { DerError } from '../der/der-error.ts';
import { sequenceOf } from '../der/der-readers.ts';
import { decodeExtension, type Extension, extension } from './extension.ts';
import { OID } from './oids.ts';

export interface AlternativeNames {
  readonly uris: readonly string[];
  readonly dnsNames: readonly string[];
  /** 4 or 16 bytes each. */
  readonly ipAddresses: readonly Buffer[];
  /** How many names are of other kinds (email, directory, other …). */
  readonly others: number;
}

export const NO_NAMES: AlternativeNames = { uris: [], dnsNames: [], ipAddresses: [], others: 0 };

const DNS_TAG = TAG.context | 2;
const URI_TAG = TAG.context | 6;
const IP_TAG = TAG.context | 7;
const VISIBLE_ASCII = /^[\x21-\x7e]+$/;

export function alternativeNames(
  names: { readonly uris?: readonly string[]; readonly dnsNames?: readonly string[]; readonly ipAddresses?: readonly Buffer[] },
  critical: boolean,
): Extension {
  const nodes: DerNode[] = [
    ...(names.uris ?? []).map((uri) => primitive(URI_TAG, Buffer.from(uri, 'latin1'))),
    ...(names.dnsNames ?? []).map((name) => primitive(DNS_TAG, Buffer.from(name, 'latin1'))),
    ...(names.ipAddresses ?? []).map((address) => primitive(IP_TAG, address)),
  ];
  return extension(OID.subjectAlternativeName, critical, sequence(...nodes));
}

/** Reads by whole identifier octet, so that a UNIVERSAL or constructed look-alike is no URI. @throws {DerError} */
export function readAlternativeNames(value: Buffer): AlternativeNames {
  const uris: string[] = [];
  const dnsNames: string[] = [];
  const ipAddresses: Buffer[] = [];
  let others = 0;
  const names = sequenceOf(decodeExtension(value), 'the alternative names');
  if (names.length === 0) throw new DerError('empty alternative names');
  for (const name of names) {
    if (name.tag === URI_TAG) uris.push(asciiOf(name));
    else if (name.tag === DNS_TAG) dnsNames.push(asciiOf(name));
    else if (name.tag === IP_TAG) ipAddresses.push(addressOf(name));
    else if (name.tag < TAG.context) throw new DerError('an alternative name of a universal type');
    else others++;
  }
  return { uris, dnsNames, ipAddresses, others };
}

function asciiOf(name: DerNode): string {
  const text = name.content.toString('latin1');
  if (!VISIBLE_ASCII.test(text)) throw new DerError('an alternative name with other than visible ASCII');
  return text;
}

function addressOf(name: DerNode): Buffer {
  if (name.content.length !== 4 && name.content.length !== 16) throw new DerError('an IP address of an odd length');
  return name.content;
}
