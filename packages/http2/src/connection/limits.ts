/** How often something may happen: `burst` at once, then `perSecond` of them. */
export interface Rate {
  readonly burst: number;
  readonly perSecond: number;
}

/** What a peer may cost. Beyond any of these the connection (or the stream) ends with ENHANCE_YOUR_CALM, unless said otherwise. */
export interface Http2Limits {
  /** Streams that the peer may have open at once; more are refused (REFUSED_STREAM). Default 1000. */
  readonly maxConcurrentStreams: number;
  /** A field list as RFC 9113 §6.5.2 measures it; a request with more is answered 431. Default 64 KiB. */
  readonly maxHeaderListBytes: number;
  /** Fields in a list; default 256. */
  readonly maxHeaderFields: number;
  /** A compressed field block, HEADERS and CONTINUATION together. Default 80 KiB. */
  readonly maxHeaderBlockBytes: number;
  /** CONTINUATION frames of one block. Default 16. */
  readonly maxContinuations: number;
  /** Our decoder's dynamic table (SETTINGS_HEADER_TABLE_SIZE), and what our encoder spends at most. Default 4096. */
  readonly headerTableBytes: number;
  /** Streams that the peer gave up, or made us give up by a fault of its own. Default 1000, then 100/s. */
  readonly resets: Rate;
  /** Default 200, then 20/s. */
  readonly pings: Rate;
  /** Default 100, then 10/s. */
  readonly settings: Rate;
  /** DATA without bytes that ends nothing, and frames of unknown types. Default 200, then 20/s. */
  readonly emptyFrames: Rate;
  /** PRIORITY and PRIORITY_UPDATE. Default 1000, then 100/s. */
  readonly priorities: Rate;
  /** WINDOW_UPDATE. Default 50 000, then 20 000/s. */
  readonly windowUpdates: Rate;
  /** Answers to the peer's frames (acknowledgements, resets) that it doesn't read. Default 1 MiB. */
  readonly maxUnreadBytes: number;
  /** Received bytes that the application has not read, all streams together; beyond it the peer gets no more window. Default 4 MiB. */
  readonly maxBufferedBytes: number;
  /** A stream's receive window at first; default 256 KiB. It grows with the bandwidth-delay product. */
  readonly initialWindowBytes: number;
  /** A stream's receive window at most; default 4 MiB. The connection's is twice as large. */
  readonly maxWindowBytes: number;
  /** From the first byte to the peer's SETTINGS. Default 10 s. */
  readonly handshakeTimeoutMs: number;
  /** A connection without streams is ended with GOAWAY. Default: never. */
  readonly idleTimeoutMs: number;
  /** Bytes of ours wait and the peer takes none, by closed windows or by not reading: the stream is reset, or the connection cut. Default 60 s. */
  readonly stallTimeoutMs: number;
}

export const DEFAULT_LIMITS: Http2Limits = {
  maxConcurrentStreams: 1000,
  maxHeaderListBytes: 65_536,
  maxHeaderFields: 256,
  maxHeaderBlockBytes: 81_920,
  maxContinuations: 16,
  headerTableBytes: 4096,
  resets: { burst: 1000, perSecond: 100 },
  pings: { burst: 200, perSecond: 20 },
  settings: { burst: 100, perSecond: 10 },
  emptyFrames: { burst: 200, perSecond: 20 },
  priorities: { burst: 1000, perSecond: 100 },
  windowUpdates: { burst: 50_000, perSecond: 20_000 },
  maxUnreadBytes: 1_048_576,
  maxBufferedBytes: 4 * 1_048_576,
  initialWindowBytes: 262_144,
  maxWindowBytes: 4 * 1_048_576,
  handshakeTimeoutMs: 10_000,
  idleTimeoutMs: Number.POSITIVE_INFINITY,
  stallTimeoutMs: 60_000,
};
