import type { Svid } from '../svid.ts';

export interface SvidMaterial {
  /** Leaf first, then intermediates, PEM. */
  readonly certificatePem: string;
  /** PKCS#8 PEM. */
  readonly privateKeyPem: string;
  /** Epoch ms by our clock at which it came. */
  readonly receivedAt: number;
}

/** @throws {LateenError} `LATEEN_CONFIG_INVALID` when it is no SVID or the key is another's. */
export function createSvid(_material: SvidMaterial): Svid {
  throw new Error('under construction');
}
