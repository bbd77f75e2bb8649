import type { HeadersLike } from '@lateen/core';

/** A request to explain. */
export interface ExplainInput {
  readonly url: string | URL;
  /** Default GET. */
  readonly method?: string;
  readonly headers?: HeadersLike;
}

/** One endpoint that could be picked, with what the balancer knows of it. */
export interface CandidateExplanation {
  /** `address:port` */
  readonly endpoint: string;
  readonly weight: number;
  readonly inFlight: number;
  readonly ewmaMs: number;
  /** Epoch ms; undefined when it is not ejected. */
  readonly ejectedUntil: number | undefined;
  readonly breaker: 'closed' | 'open' | 'half-open';
  readonly locality: string;
}

/** What would become of a request, and why. Plain data: it travels as JSON. */
export interface Explanation {
  readonly request: { readonly method: string; readonly url: string; readonly headers: readonly string[] };
  /** The service it is for; the URL's host when nobody configured it. */
  readonly host: string;
  readonly route:
    | {
        /** `VirtualService default/reviews`, or `default`. */
        readonly resource: string;
        readonly name: string;
        readonly file: string;
        readonly line: number;
        readonly matchIndex: number;
      }
    | undefined;
  readonly rewrite: { readonly path: string; readonly authority: string | undefined } | undefined;
  readonly fault:
    | { readonly delayMs: number; readonly delayShare: number; readonly abortStatus: number; readonly abortShare: number }
    | undefined;
  readonly mirror: readonly { readonly cluster: string; readonly share: number }[];
  /** 0 = none. */
  readonly timeoutMs: number;
  readonly retry:
    | { readonly maxRetries: number; readonly perTryTimeoutMs: number; readonly conditions: readonly string[] }
    | undefined;
  readonly cluster:
    | { readonly host: string; readonly subset: string; readonly port: number; readonly policy: string }
    | undefined;
  /** All that the route may lead to; the cluster above was drawn among them. */
  readonly destinations: readonly { readonly cluster: string; readonly share: number }[];
  readonly candidates: readonly CandidateExplanation[];
  /** `address:port` that would be taken now. */
  readonly pick: string | undefined;
  /** One step a line. */
  readonly reason: readonly string[];
  /** The answer the mesh itself would give. */
  readonly wouldReply?: { readonly status: number; readonly flag: string; readonly body: string };
}
