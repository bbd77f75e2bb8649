import type { Principal } from '@lateen/core';

/** What is known of a connection before the first request on it. Addresses are as Node gives them: `203.0.113.9`, `::1`, `::ffff:203.0.113.9`. */
export interface ConnectionFacts {
  /** Who the peer's certificate says it is; undefined on plaintext. */
  readonly principal: Principal | undefined;
  /** The peer's address. */
  readonly sourceIp: string;
  /** The caller's address behind proxies, see `remoteAddress`; the peer's where there are none. */
  readonly remoteIp: string;
  /** The address that was connected to. */
  readonly destinationIp: string;
  /** The workload's port. */
  readonly port: number;
  /** The server name asked for in TLS, empty if none. */
  readonly sni: string;
}

/** The payload of a verified token, as policies read it: claims that are word lists are lists. */
export type JwtClaims = Readonly<Record<string, unknown>>;

/** What a decision may look at. Nothing is copied or parsed unless a rule asks for it. */
export interface RequestFacts extends ConnectionFacts {
  readonly method: string;
  /** The target as normalised and without a token that was taken out: `/a?b=c`. */
  readonly path: string;
  /** The authority as sent, port included. */
  readonly host: string;
  /** `http` or `https`. */
  readonly scheme: string;
  /** Flat pairs in order, names in any case. */
  readonly headers: readonly string[];
  /** Undefined without a verified token. */
  readonly claims: JwtClaims | undefined;
}
