import { LateenError } from '@lateen/core';

/** Where lateend listens. */
export interface ControlAddress {
  /** As the operator wrote it, for messages. */
  readonly url: string;
  /** Without the brackets of IPv6. */
  readonly host: string;
  readonly port: number;
}

/** @throws {LateenError} `LATEEN_BAD_OPTION` on anything but `https://host[:port]`. */
export function parseControlUrl(url: string): ControlAddress {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed?.protocol !== 'https:' || !['', '/'].includes(parsed.pathname) || parsed.search || parsed.username) {
    throw new LateenError('LATEEN_BAD_OPTION', `${JSON.stringify(url)} is no address of lateend`, {
      hint: 'write https://host:port, as in https://127.0.0.1:15012',
    });
  }
  return { url, host: parsed.hostname.replace(/^\[|\]$/g, ''), port: Number(parsed.port || 443) };
}
