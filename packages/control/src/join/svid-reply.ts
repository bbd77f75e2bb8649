import type { Clock } from '@lateen/core';
import { createSvid, type KeyAndRequest, parseBundle, type Svid, type TrustBundle } from '@lateen/identity';
import { checkSvidReply } from '../wire.ts';
import { refuseUntimely } from './clock-skew.ts';

export interface Certified {
  readonly svid: Svid;
  readonly bundle: TrustBundle;
}

/** What lateend certified, put together with the key it was asked for. @throws {LateenError} `LATEEN_CLOCK_SKEW`, `LATEEN_CONFIG_INVALID`. */
export function readSvidReply(
  body: unknown,
  { privateKeyPem }: Pick<KeyAndRequest, 'privateKeyPem'>,
  clock: Clock,
  url: string,
): Certified {
  const { certificate, chain, bundle } = checkSvidReply(body, '');
  const certificatePem = [certificate, ...chain].map((pem) => pem.trim()).join('\n');
  const svid = createSvid({ certificatePem, privateKeyPem, receivedAt: clock.wallNow() });
  refuseUntimely(svid, clock.wallNow(), url);
  return { svid, bundle: parseBundle(bundle.trustDomain, bundle.jwks) };
}
