import type { X509Certificate } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { type Clock, LateenError } from '@lateen/core';
import { authorityPin, createBundle, isTrustDomain, parseBundle, type TrustBundle, type TrustBundles } from '@lateen/identity';
import type { ControlAddress } from '../http/control-address.ts';
import { unreachable } from '../http/control-errors.ts';
import { readBody } from '../http/read-body.ts';
import { ANONYMOUS_TLS } from '../http/verified-agent.ts';
import { API_PATHS, type BundleReply, checkBundleReply, parseJson } from '../wire.ts';
import { clockSkewMs } from './clock-skew.ts';

/** What the join string's pin makes of an answer that nobody vouched for. */
export interface FirstContact {
  readonly trustDomain: string;
  /** The pinned root and what it signed; nothing else of the answer is believed. */
  readonly bundles: TrustBundles;
  /** Our clock less lateend's. */
  readonly skewMs: number;
}

const TIMEOUT_MS = 5_000;
const MAX_BUNDLE_BYTES = 256 * 1024;

/**
 * Asks for the trust bundle over a connection that is not verified, and keeps of it only what hangs on the pinned root. The
 * caller connects again, verified by that.
 *
 * @throws {LateenError} `LATEEN_PEER_REFUSED` when the pinned root is not in it: another lateend, or somebody in between.
 */
export async function firstContact(address: ControlAddress, rootPin: string, clock: Clock): Promise<FirstContact> {
  const { body, date } = await fetchUnverified(address, clock);
  const { trustDomain, jwks } = readBundle(address, body);
  if (!isTrustDomain(trustDomain)) throw strangeAnswer(address);
  const anchored = anchoredAt(rootPin, parseOrRefuse(address, trustDomain, jwks));
  if (!anchored) {
    throw new LateenError(
      'LATEEN_PEER_REFUSED',
      `what answers at ${address.url} is not the lateend this join string was made for`,
      {
        target: address.url,
        hint: 'check the URL; if lateend started with a new state, make a new join string with `lateen ca token`',
      },
    );
  }
  return { trustDomain, bundles: new Map([[trustDomain, anchored]]), skewMs: clockSkewMs(date, clock.wallNow()) };
}

/** The bundle without what does not hang on the pinned root: a man in the middle could have added a root of his own. */
function anchoredAt(rootPin: string, bundle: TrustBundle): TrustBundle | undefined {
  const root = bundle.authorities.find((authority) => authorityPin(authority) === rootPin);
  if (!root) return undefined;
  const signed = bundle.authorities.filter((authority) => authority === root || isSignedBy(authority, root));
  return createBundle(bundle.trustDomain, bundle.sequence, signed);
}

function isSignedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}

function readBundle(address: ControlAddress, body: string): BundleReply {
  try {
    return checkBundleReply(parseJson(body), '');
  } catch (error) {
    throw strangeAnswer(address, error);
  }
}

function parseOrRefuse(address: ControlAddress, trustDomain: string, jwks: object): TrustBundle {
  try {
    return parseBundle(trustDomain, jwks);
  } catch (error) {
    throw strangeAnswer(address, error);
  }
}

function strangeAnswer(address: ControlAddress, cause?: unknown): LateenError {
  return new LateenError('LATEEN_PEER_REFUSED', `what answers at ${address.url} is no lateend: its trust bundle can't be read`, {
    target: address.url,
    hint: 'check the URL',
    cause,
  });
}

function fetchUnverified(address: ControlAddress, clock: Clock): Promise<{ body: string; date: string | undefined }> {
  const { host, port, url } = address;
  return new Promise((resolve, reject) => {
    const sent = request({ host, port, path: API_PATHS.bundle, agent: false, ...ANONYMOUS_TLS });
    const timer = clock.setTimeout(() => sent.destroy(new Error(`no answer within ${TIMEOUT_MS} ms`)), TIMEOUT_MS);
    sent.on('error', (error) => {
      timer.cancel();
      reject(unreachable(url, error));
    });
    sent.on('response', (response: IncomingMessage) => {
      readBody(response, MAX_BUNDLE_BYTES)
        .then(
          (body) => resolve({ body, date: response.headers.date }),
          (error) => reject(unreachable(url, error)),
        )
        .finally(() => {
          timer.cancel();
          sent.destroy();
        });
    });
    sent.end();
  });
}
