import type { Draft } from '../../analysis/draft.ts';
import type { VirtualServiceSpec } from '../../kinds/index.ts';

/** What is written of a VirtualService, whether it is all there or not. */
export type VirtualServiceDraft = Draft<VirtualServiceSpec>;
export type HttpRoute = NonNullable<VirtualServiceDraft['http']>[number];
export type HttpMatch = NonNullable<HttpRoute['match']>[number];
export type Headers = NonNullable<HttpRoute['headers']>;
export type TlsRoute = NonNullable<VirtualServiceDraft['tls']>[number];
export type ConnectionDestination = NonNullable<TlsRoute['route']>[number];
