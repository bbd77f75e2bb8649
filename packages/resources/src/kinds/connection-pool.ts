import { count, duration, limit, moot, nonEmpty, oneOf } from '../schema/fields.ts';
import { boolean, object, optional, string } from '../schema/json-schema.ts';

const NEGOTIATED = 'the protocol of each connection is negotiated with its peer';
const NO_TCP_POOL = 'connections carry HTTP requests, which connectionPool.http governs';

/** How many connections and requests there may be, and for how long. */
export const connectionPool = () =>
  nonEmpty({
    tcp: optional(
      object({
        maxConnections: optional(limit()),
        connectTimeout: optional(duration()),
        tcpKeepalive: moot(
          object({ probes: optional(count()), time: optional(duration()), interval: optional(duration()) }),
          'the runtime probes idle connections by itself and offers no choice of numbers',
        ),
        maxConnectionDuration: optional(duration()),
        idleTimeout: moot(string({ format: 'duration-or-zero' }), NO_TCP_POOL),
      }),
    ),
    http: optional(
      object({
        http1MaxPendingRequests: optional(limit()),
        http2MaxRequests: optional(limit()),
        maxRequestsPerConnection: optional(limit()),
        maxRetries: optional(limit()),
        idleTimeout: optional(duration()),
        h2UpgradePolicy: moot(oneOf(['DEFAULT', 'DO_NOT_UPGRADE', 'UPGRADE']), NEGOTIATED),
        useClientProtocol: moot(boolean(), NEGOTIATED),
        maxConcurrentStreams: moot(limit(), NEGOTIATED),
        http2KeepAlive: moot(object({ interval: optional(duration()), timeout: optional(duration()) }), NEGOTIATED),
      }),
    ),
  });

const NO_HOP = 'a request that has come in is handled in the process: there is no connection behind it';

/** The same of what comes in. */
export const inboundConnectionPool = () =>
  nonEmpty({
    tcp: optional(
      object({
        maxConnections: optional(limit()),
        connectTimeout: moot(duration(), NO_HOP),
        tcpKeepalive: moot(
          object({ probes: optional(count()), time: optional(duration()), interval: optional(duration()) }),
          NO_HOP,
        ),
        maxConnectionDuration: moot(duration(), NO_HOP),
        idleTimeout: moot(string({ format: 'duration-or-zero' }), NO_HOP),
      }),
    ),
    http: optional(
      object({
        http1MaxPendingRequests: optional(limit()),
        http2MaxRequests: optional(limit()),
        maxRequestsPerConnection: moot(limit(), NO_HOP),
        maxRetries: moot(limit(), NO_HOP),
        idleTimeout: moot(duration(), NO_HOP),
        h2UpgradePolicy: moot(oneOf(['DEFAULT', 'DO_NOT_UPGRADE', 'UPGRADE']), NO_HOP),
        useClientProtocol: moot(boolean(), NO_HOP),
        maxConcurrentStreams: moot(limit(), NO_HOP),
        http2KeepAlive: moot(object({ interval: optional(duration()), timeout: optional(duration()) }), NO_HOP),
      }),
    ),
  });
