import { readFileSync } from 'node:fs';
import { LateenError } from '@lateen/core';
import { resourcesOfKind, type Revision } from '@lateen/resources';
import type { ServerTlsSpec } from './tls-server.ts';

/** PEM texts of one server. */
export interface Credentials {
  /** Chain and key; several where callers may choose by what they support. */
  readonly certificates: readonly { readonly cert: string; readonly key: string }[];
  /** Whom callers' certificates have to come from. */
  readonly ca: string | undefined;
  readonly crl: string | undefined;
}

export interface CredentialSource {
  readonly revision: Revision;
  /** The gateway's: Secrets of other namespaces are not for it. */
  readonly namespace: string;
}

type SecretKeys = Readonly<Record<string, string>>;

/**
 * What a server's `tls` names, from Secrets of the gateway's namespace or from files.
 *
 * @throws LateenError `LATEEN_CONFIG_INVALID` naming the Secret or file that is missing
 */
export function readCredentials(tls: ServerTlsSpec, source: CredentialSource): Credentials {
  return readsFiles(tls) ? fromFiles(tls) : fromSecrets(tls, secretNames(tls), source);
}

export function readsFiles(tls: ServerTlsSpec): boolean {
  return secretNames(tls).length === 0;
}

function secretNames({ credentialName, credentialNames = [] }: ServerTlsSpec): readonly string[] {
  return credentialName ? [credentialName] : credentialNames;
}

function fromSecrets(tls: ServerTlsSpec, names: readonly string[], source: CredentialSource): Credentials {
  const secrets = names.map((name) => [name, keysOf(name, source)] as const);
  const [first, keys] = secrets[0] as (typeof secrets)[number];
  const authority = authorityKeys(
    tls.caCertCredentialName ?? `${first}-cacert`,
    keys,
    source,
    tls.caCertCredentialName !== undefined,
  );
  return {
    certificates: secrets.map(([name, each]) => ({
      cert: required(each, ['tls.crt', 'cert'], name),
      key: required(each, ['tls.key', 'key'], name),
    })),
    ca: valueOf(authority, ['ca.crt', 'cacert']),
    crl: valueOf(authority, ['ca.crl', 'crl']),
  };
}

/** The authorities may stand in a Secret of their own. */
function authorityKeys(name: string, otherwise: SecretKeys, source: CredentialSource, isNamed: boolean): SecretKeys {
  if (isNamed) return keysOf(name, source);
  return valueOf(otherwise, ['ca.crt', 'cacert']) === undefined ? (findKeys(name, source) ?? otherwise) : otherwise;
}

function keysOf(name: string, source: CredentialSource): SecretKeys {
  const keys = findKeys(name, source);
  if (keys) return keys;
  throw missing(
    `Secret ${source.namespace}/${name} does not exist`,
    'put it beside the other resources, in the namespace of the gateway',
  );
}

/** What the Gateway API's Gateways name, which may lie in their own namespace or, with leave, in another. */
const ANYWHERE = /^kubernetes-gateway:\/\/([^/]+)\/([^/]+)$/;

function findKeys(named: string, { revision, namespace: own }: CredentialSource): SecretKeys | undefined {
  const [, namespace = own, name = named] = ANYWHERE.exec(named) ?? [];
  const secret = resourcesOfKind(revision, 'Secret').find(
    ({ metadata }) => metadata.name === name && metadata.namespace === namespace,
  );
  if (!secret) return undefined;
  const { data = {}, stringData = {} } = secret.spec;
  const decoded = Object.entries(data).map(([key, text]) => [key, Buffer.from(text, 'base64').toString()]);
  return { ...Object.fromEntries(decoded), ...stringData };
}

function required(keys: SecretKeys, names: readonly string[], secret: string): string {
  const value = valueOf(keys, names);
  if (value !== undefined) return value;
  throw missing(`Secret ${secret} has no ${names.join(' and no ')}`, 'make it with kubectl create secret tls');
}

function valueOf(keys: SecretKeys, names: readonly string[]): string | undefined {
  return names.map((name) => keys[name]).find((value) => value !== undefined && value !== '');
}

function fromFiles(tls: ServerTlsSpec): Credentials {
  const pairs = tls.tlsCertificates?.length ? tls.tlsCertificates : [tls];
  return {
    certificates: pairs.map(({ serverCertificate, privateKey }) => ({
      cert: readPem(serverCertificate, 'serverCertificate'),
      key: readPem(privateKey, 'privateKey'),
    })),
    ca: optionalPem(tls.caCertificates ?? pairs[0]?.caCertificates, 'caCertificates'),
    crl: optionalPem(tls.caCrl, 'caCrl'),
  };
}

function optionalPem(path: string | undefined, field: string): string | undefined {
  return path ? readPem(path, field) : undefined;
}

function readPem(path: string | undefined, field: string): string {
  if (!path) throw missing(`tls.${field} is missing`, 'name a file, or a Secret with credentialName');
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw missing(`tls.${field} ${path} cannot be read: ${(error as Error).message}`, 'mount the file where the gateway runs');
  }
}

function missing(message: string, hint: string): LateenError {
  return new LateenError('LATEEN_CONFIG_INVALID', message, { hint });
}
