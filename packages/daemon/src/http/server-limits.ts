import type { ServerOptions } from 'node:http';

/** Slow and oversized clients are cut: 5 s for the head, 15 s for the whole request. Answers may take as long as they like. */
export const SERVER_LIMITS: ServerOptions = {
  headersTimeout: 5_000,
  requestTimeout: 15_000,
  connectionsCheckingInterval: 1_000,
  keepAliveTimeout: 65_000,
  maxHeaderSize: 16 * 1024,
};
