import { type Principal, readRequestHead } from '@lateen/core';
import { parseSpiffeId } from '@lateen/identity';
import { type CaseRequest, KEYS } from './corpus.ts';

/** A case's request as a server has read it; undefined where a server would have answered before any policy. */
export interface ReadRequest {
  readonly method: string;
  readonly host: string;
  /** Not yet normalised. */
  readonly path: string;
  readonly headers: readonly string[];
  readonly port: number;
  readonly from: string;
  readonly body: string;
}

export function readRequest(request: CaseRequest, isGateway: boolean): ReadRequest | undefined {
  const { method, target, httpVersion, rawHeaders, port } =
    request.raw === undefined ? ofUrl(request) : ofRaw(request.raw, request.port ?? 0);
  const head = readRequestHead({ httpVersion, method, url: target, rawHeaders });
  if (!('path' in head) || head.authority === '' || !head.path.startsWith('/')) return undefined;
  const headers = rawHeaders.flatMap((name, i) =>
    i % 2 === 0 && name.toLowerCase() !== 'host' ? [name, rawHeaders[i + 1] as string] : [],
  );
  const from = request.from ?? (isGateway ? '203.0.113.9' : '127.0.0.1');
  return { method, host: head.authority, path: head.path, headers, port, from, body: request.body ?? '' };
}

interface RawRequest {
  readonly method: string;
  readonly target: string;
  readonly httpVersion: string;
  readonly rawHeaders: readonly string[];
  readonly port: number;
}

function ofUrl({ url = '', method = 'GET', headers = {}, port }: CaseRequest): RawRequest {
  const [, authority = '', target = ''] = /^https?:\/\/([^/?#]*)(.*)$/s.exec(url) ?? [];
  const lines = Object.entries(headers).flatMap(([name, values]) => [values].flat().flatMap((value) => [name, value.trim()]));
  const rawHeaders = lines.some((name, i) => i % 2 === 0 && name.toLowerCase() === 'host')
    ? lines
    : ['host', authority, ...lines];
  return { method, target, httpVersion: '1.1', rawHeaders, port: port ?? Number(/:(\d+)$/.exec(authority)?.[1] ?? 80) };
}

function ofRaw(raw: string, port: number): RawRequest {
  const [line = '', ...lines] = (raw.split('\r\n\r\n')[0] ?? '').split('\r\n');
  const [method = '', target = '', version = ''] = line.split(' ');
  const rawHeaders = lines.flatMap((text) => {
    const colon = text.indexOf(':');
    return [text.slice(0, colon), text.slice(colon + 1).trim()];
  });
  return { method, target, httpVersion: version.slice('HTTP/'.length), rawHeaders, port };
}

/** Whom a certificate of the corpus names; undefined where Lateen's gate lets nobody in: no URI name, or several. */
export function principalOf(certificate: string): Principal | undefined {
  const uris = (KEYS.certificates.leaves[certificate]?.san ?? []).filter((name) => name.startsWith('URI:'));
  const id = uris.length === 1 ? parseSpiffeId((uris[0] as string).slice('URI:'.length)) : undefined;
  return id && { ...id, labels: undefined, authority: '', notAfter: Number.POSITIVE_INFINITY };
}
